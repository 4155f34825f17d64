package dev.recaller.worker;

import picocli.CommandLine.Command;

@Command(
        name = "memory",
        description = "Look into what is remembered, and change it.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            MemoryShowCommand.class,
            MemoryMergeCommand.class,
            MemoryUndoMergeCommand.class,
            MemoryRestoreCommand.class,
            MemoryStatsCommand.class,
        })
final class MemoryCommand {}
