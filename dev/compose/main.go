// Reads compose files, the later ones over the first, as Docker Compose does, with the .env beside them, and says what is wrong with them.
package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/compose-spec/compose-go/v2/cli"
)

func main() {
	if len(os.Args) < 2 {
		fmt.Fprintln(os.Stderr, "usage: compose FILE...")
		os.Exit(2)
	}
	folder := filepath.Dir(os.Args[1])
	options, err := cli.NewProjectOptions(os.Args[1:], cli.WithWorkingDirectory(folder), cli.WithEnvFiles(filepath.Join(folder, ".env")), cli.WithDotEnv)
	if err == nil {
		_, err = options.LoadProject(context.Background())
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
