package dev.recaller.worker.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recaller.flow.EndReason;
import dev.recaller.memory.jobs.JobListener;
import dev.recaller.worker.telemetry.Meters.Identity;
import dev.recaller.worker.telemetry.Meters.Interruption;
import dev.recaller.worker.telemetry.Meters.MemoryOutcome;
import dev.recaller.worker.telemetry.Meters.Offer;
import dev.recaller.worker.telemetry.Meters.Recall;
import dev.recaller.worker.telemetry.Meters.Stage;
import dev.recaller.worker.telemetry.ProviderMeters.Operation;
import dev.recaller.worker.telemetry.ProviderMeters.ProviderOutcome;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The lines are what dashboards and alerts are built on: this test fails when one of them would break. */
class MetersTest {

    private final Meters meters = new Meters();
    private final ProviderMeters openAi = new ProviderMeters(meters, "openai");
    private final JobMeters jobs = new JobMeters(meters);

    @Test
    void aStageThatWasOverBeforeItWasDueCountsAsNoTime() {
        meters.turn(Stage.OVERHEAD, Duration.ofMillis(-13));
        assertThat(scrape())
                .contains(
                        "recaller_turn_seconds_count{stage=\"overhead\"} 1",
                        "recaller_turn_seconds_sum{stage=\"overhead\"} 0.0");
    }

    @Test
    void scrapesUnderTheAgreedNames() {
        meters.callStarted("front-desk");
        meters.callStarted("front-desk");
        meters.callEnded("front-desk", EndReason.CALLER_HANGUP);
        meters.jobOffered(Offer.ACCEPTED, Duration.ofMillis(3));
        meters.pickedUp(Duration.ofMillis(250));
        meters.firstAudio(Duration.ofMillis(80));
        meters.turn(Stage.TOTAL, Duration.ofMillis(900));
        meters.interrupted(Interruption.BARGE_IN);
        meters.identified(Identity.PLAUSIBLE);
        meters.recalled(Recall.PREFETCH, MemoryOutcome.FOUND, Duration.ofMillis(7));
        meters.stored(MemoryOutcome.STORED, Duration.ofMillis(4));
        openAi.ended(Operation.TRANSCRIPTION, ProviderOutcome.OK, Duration.ofMillis(300));
        openAi.ended(Operation.SPEECH, ProviderOutcome.TIMEOUT, Duration.ofSeconds(10));
        openAi.tokens(Operation.EXTRACTION, 70, 7);
        jobs.ended("extraction", JobListener.Outcome.PARKED, Duration.ofSeconds(3));
        jobs.standing("extraction", "parked", () -> 1);
        jobs.lag("extraction", () -> 4.5);
        new RowMeters(meters).watch(List.of("memory_chunks", "calls"), () -> Map.of("memory_chunks", 7L));
        meters.underruns(2);
        meters.lateFrames(() -> 5);
        meters.nativeHandles(() -> 12);
        meters.roomConnections(() -> 1);
        meters.registrationUp(() -> true);
        meters.workerLoad(() -> 0.25);
        meters.draining(() -> false);

        assertThat(scrape())
                .contains(
                        "recaller_calls_active{flow=\"front-desk\"} 1.0",
                        "recaller_calls_total{end_reason=\"caller_hangup\",flow=\"front-desk\"} 1.0",
                        "recaller_calls_total{end_reason=\"flow_error\",flow=\"front-desk\"} 0.0",
                        "recaller_job_offers_total{answer=\"accepted\"} 1.0",
                        "recaller_job_offers_total{answer=\"full\"} 0.0",
                        "recaller_job_offers_total{answer=\"draining\"} 0.0",
                        "recaller_job_offers_total{answer=\"late\"} 0.0",
                        "recaller_job_answer_seconds_bucket{le=\"0.002\"} 0",
                        "recaller_job_answer_seconds_bucket{le=\"0.005\"} 1",
                        "recaller_pickup_seconds_count 1",
                        "recaller_pickup_seconds_bucket{le=\"0.3\"} 1",
                        "recaller_first_audio_seconds_bucket{le=\"0.1\"} 1",
                        "recaller_turn_seconds_bucket{stage=\"total\",le=\"0.8\"} 0",
                        "recaller_turn_seconds_bucket{stage=\"total\",le=\"1.0\"} 1",
                        "recaller_turn_seconds_count{stage=\"end_of_turn\"} 0",
                        "recaller_turn_seconds_count{stage=\"transcription\"} 0",
                        "recaller_turn_seconds_count{stage=\"recall\"} 0",
                        "recaller_turn_seconds_count{stage=\"model_first_token\"} 0",
                        "recaller_turn_seconds_count{stage=\"speech_first_byte\"} 0",
                        "recaller_turn_seconds_count{stage=\"playout\"} 0",
                        "recaller_turn_seconds_count{stage=\"overhead\"} 0",
                        "recaller_interruptions_total{kind=\"barge_in\"} 1.0",
                        "recaller_interruptions_total{kind=\"false\"} 0.0",
                        "recaller_interruptions_total{kind=\"acknowledgement\"} 0.0",
                        "recaller_caller_identity_total{kind=\"plausible\"} 1.0",
                        "recaller_caller_identity_total{kind=\"valid\"} 0.0",
                        "recaller_caller_identity_total{kind=\"anonymous\"} 0.0",
                        "recaller_caller_identity_total{kind=\"invalid\"} 0.0",
                        "recaller_caller_identity_total{kind=\"attested\"} 0.0",
                        "recaller_memory_recall_seconds_count{outcome=\"found\",phase=\"prefetch\"} 1",
                        "recaller_memory_store_seconds_count{outcome=\"stored\"} 1",
                        "recaller_memory_store_seconds_count{outcome=\"error\"} 0",
                        "recaller_provider_seconds_count{operation=\"transcription\",outcome=\"ok\",provider=\"openai\"} 1",
                        "recaller_provider_errors_total{operation=\"speech\",outcome=\"timeout\",provider=\"openai\"} 1.0",
                        "recaller_provider_tokens_total{direction=\"prompt\",operation=\"extraction\",provider=\"openai\"} 70.0",
                        "recaller_provider_tokens_total{direction=\"answer\",operation=\"extraction\",provider=\"openai\"} 7.0",
                        "recaller_memory_job_seconds_count{kind=\"extraction\",outcome=\"parked\"} 1",
                        "recaller_memory_jobs{kind=\"extraction\",state=\"parked\"} 1.0",
                        "recaller_memory_jobs_lag_seconds{kind=\"extraction\"} 4.5",
                        "recaller_memory_rows{kind=\"memory_chunks\"} 7.0",
                        "recaller_memory_rows{kind=\"calls\"} NaN",
                        "recaller_audio_underruns_total 2.0",
                        "recaller_audio_late_frames_total 5.0",
                        "recaller_native_handles 12.0",
                        "recaller_room_connections 1.0",
                        "recaller_registration_up 1.0",
                        "recaller_worker_load 0.25",
                        "recaller_draining 0.0");
    }

    @Test
    void countsNoErrorWhereNothingFailed() {
        openAi.ended(Operation.CHAT, ProviderOutcome.OK, Duration.ofMillis(300));
        openAi.ended(Operation.CHAT, ProviderOutcome.CANCELLED, Duration.ofMillis(300));

        assertThat(scrape())
                .filteredOn(line -> line.startsWith("recaller_provider_errors_total{"))
                .isNotEmpty()
                .allMatch(line -> line.endsWith(" 0.0"));
    }

    @Test
    void hasAllDurationsInSecondsAndAllNamesUnderOnePrefixOrTheJvms() {
        List<String> names = meters.scrape()
                .lines()
                .filter(line -> line.startsWith("# TYPE "))
                .map(line -> line.split(" ", -1)[2])
                .toList();

        assertThat(names)
                .allMatch(name ->
                        Stream.of("recaller_", "jvm_", "process_", "system_").anyMatch(name::startsWith));
        assertThat(names).noneMatch(name -> name.endsWith("_milliseconds"));
    }

    private List<String> scrape() {
        return meters.scrape().lines().toList();
    }
}
