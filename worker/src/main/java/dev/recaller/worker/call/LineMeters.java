package dev.recaller.worker.call;

import dev.recaller.worker.recording.Recording;
import dev.recaller.worker.speech.SpeechListener;
import dev.recaller.worker.speech.TurnTimings;
import dev.recaller.worker.speech.Word;
import dev.recaller.worker.telemetry.Meters;
import dev.recaller.worker.telemetry.Meters.Stage;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a line tells: measurements, as metrics and one log line a turn, and what was said, to the recording. */
final class LineMeters implements SpeechListener {
    private static final Logger log = LoggerFactory.getLogger(LineMeters.class);

    private final Meters meters;
    private final Recording recording;
    private final boolean begins;

    /** @param begins false: the call was answered elsewhere, and how soon it was heard then is not known here */
    LineMeters(Meters meters, Recording recording, boolean begins) {
        this.meters = meters;
        this.recording = recording;
        this.begins = begins;
    }

    @Override
    public void callerSaid(String text, long from, long to, List<Word> words) {
        recording.callerSaid(text, from, to, words);
    }

    @Override
    public void agentSaid(String text, long from, long to, boolean cutShort) {
        recording.agentSaid(text, from, to, cutShort);
    }

    @Override
    public void firstAudio(Duration sinceAnswered) {
        if (!begins) {
            return;
        }
        meters.firstAudio(sinceAnswered);
        log.info("first audio {} ms after the answer", sinceAnswered.toMillis());
    }

    @Override
    public void answered(TurnTimings turn) {
        meters.turn(Stage.END_OF_TURN, turn.endOfTurn());
        meters.turn(Stage.TRANSCRIPTION, turn.transcriptionRequest());
        meters.turn(Stage.SPEECH_FIRST_BYTE, turn.speechFirstByte());
        meters.turn(Stage.PLAYOUT, turn.playout());
        meters.turn(Stage.OVERHEAD, turn.overhead());
        meters.turn(Stage.TOTAL, turn.total());
        log.atInfo()
                .addKeyValue("asked_at_ns", turn.asked())
                .addKeyValue("decided_at_ns", turn.decided())
                .addKeyValue("total_ms", turn.total().toMillis())
                .addKeyValue("end_of_turn_ms", turn.endOfTurn().toMillis())
                .addKeyValue("waited_ms", turn.waited().toMillis())
                .addKeyValue("transcription_ms", turn.transcriptionRequest().toMillis())
                .addKeyValue("transcription_service_ms", turn.transcription().toMillis())
                .addKeyValue("flow_ms", turn.answer().toMillis())
                .addKeyValue("speech_first_byte_ms", turn.speechFirstByte().toMillis())
                .addKeyValue("playout_ms", turn.playout().toMillis())
                .addKeyValue("overhead_ms", turn.overhead().toMillis())
                .log(
                        "turn answered after {} ms: end of turn {} (transcription {}, of it the service {}), flow {}, speech {}, playout {}, own overhead {}",
                        turn.total().toMillis(),
                        turn.endOfTurn().toMillis(),
                        turn.transcriptionRequest().toMillis(),
                        turn.transcription().toMillis(),
                        turn.answer().toMillis(),
                        turn.speechFirstByte().toMillis(),
                        turn.playout().toMillis(),
                        turn.overhead().toMillis());
    }

    @Override
    public void interrupted(Interruption kind) {
        meters.interrupted(Meters.Interruption.valueOf(kind.name()));
    }

    @Override
    public void underruns(long times) {
        meters.underruns(times);
    }
}
