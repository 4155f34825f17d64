package dev.recaller.worker;

import dev.recaller.flow.definition.Flow;
import dev.recaller.flow.definition.FlowConfiguration;
import dev.recaller.memory.ExtractionJob;
import dev.recaller.memory.UnifiedMemoryService;
import dev.recaller.memory.jobs.MemoryJobs;
import dev.recaller.memory.jobs.Sweep;
import dev.recaller.memory.jobs.VectorRepair;
import dev.recaller.memory.privacy.Retention;
import dev.recaller.sql.Database;
import dev.recaller.worker.store.MemoryRows;
import dev.recaller.worker.telemetry.JobMeters;
import dev.recaller.worker.telemetry.Meters;
import dev.recaller.worker.telemetry.RowMeters;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What is done for memory beside the calls: finished ones are read, what is over is deleted, missing vectors are made. */
final class MemoryUpkeep {

    private static final Duration SWEPT_EVERY = Duration.ofHours(6);
    private static final Duration REPAIRED_EVERY = Duration.ofMinutes(10);

    private MemoryUpkeep() {}

    /** Not started yet. A call that names no model is read by that of the default flow. */
    static MemoryJobs of(
            Database database, UnifiedMemoryService memory, Providers providers, Flow flow, Meters meters) {
        FlowConfiguration standard = flow.configuration();
        Integer days = standard.memory().retentionDays();
        var retention =
                new Retention(database, InstantSource.system(), days == null ? Map.of() : Map.of(flow.id(), days));
        var jobMeters = new JobMeters(meters);
        List<Sweep> sweeps = List.of(
                new Sweep("retention", SWEPT_EVERY, () -> jobMeters.swept(retention.sweep())),
                new Sweep("vectors", REPAIRED_EVERY, new VectorRepair(memory)));
        var jobs = new MemoryJobs(
                database,
                memory,
                model -> providers.extractor(model.orElse(standard.models().chat())),
                sweeps,
                InstantSource.system(),
                jobMeters);
        jobMeters.watch(
                jobs,
                Stream.concat(Stream.of(ExtractionJob.KIND), sweeps.stream().map(Sweep::name))
                        .toList());
        new RowMeters(meters).watch(MemoryRows.TABLES, new MemoryRows(database)::count);
        return jobs;
    }
}
