package dev.recaller.worker.command;

import picocli.CommandLine.Command;

@Command(
        name = "telephony",
        description = "Connect telephone numbers, and see whether calls can arrive.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {TelephonySetupCommand.class, TelephonyCheckCommand.class},
        footer = {
            "",
            "A number's calls come from its carrier to livekit-sip, by an inbound trunk of the LiveKit server; a dispatch",
            "rule gives each call a room and sends our agent there.",
            "",
            "Examples:",
            "  recaller telephony setup --telnyx --number +15105550100",
            "  recaller telephony check"
        })
final class TelephonyCommand {}
