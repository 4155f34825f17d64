package dev.recaller.worker.command;

import picocli.CommandLine.Command;

@Command(
        name = "memory",
        description = "Look into what is remembered, and change it.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            MemoryShowCommand.class,
            MemorySearchCommand.class,
            MemoryListCommand.class,
            MemoryExportCommand.class,
            MemoryImportCommand.class,
            MemoryEraseCommand.class,
            MemoryShareCommand.class,
            MemorySharedCommand.class,
            MemoryRevokeCommand.class,
            MemoryMergeCommand.class,
            MemoryUndoMergeCommand.class,
            MemoryRestoreCommand.class,
            MemoryStatsCommand.class,
            MemoryJobsCommand.class,
        })
final class MemoryCommand {}
