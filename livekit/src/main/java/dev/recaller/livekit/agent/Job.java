package dev.recaller.livekit.agent;

import java.net.URI;
import java.util.concurrent.atomic.AtomicBoolean;
import livekit.LivekitAgent.JobAssignment;
import livekit.LivekitAgent.JobStatus;

/** A job that is ours until it {@link #succeeded} or {@link #failed}, of which only the first call counts. Any thread. */
public final class Job {
    private final JobDesk.StatusSink statuses;
    private final String id;
    private final URI url;
    private final String token;
    private final String roomName;
    private final String roomSid;
    private final String metadata;
    private final AtomicBoolean ended = new AtomicBoolean();

    Job(JobAssignment assignment, URI defaultUrl, JobDesk.StatusSink statuses) {
        this(
                assignment.getJob().getId(),
                assignment.getUrl().isEmpty() ? defaultUrl : URI.create(assignment.getUrl()),
                assignment.getToken(),
                assignment.getJob().getRoom().getName(),
                assignment.getJob().getRoom().getSid(),
                assignment.getJob().getMetadata(),
                statuses);
    }

    private Job(
            String id,
            URI url,
            String token,
            String roomName,
            String roomSid,
            String metadata,
            JobDesk.StatusSink statuses) {
        this.id = id;
        this.url = url;
        this.token = token;
        this.roomName = roomName;
        this.roomSid = roomSid;
        this.metadata = metadata;
        this.statuses = statuses;
    }

    /**
     * A job that no server offered: what becomes of it is told to nobody.
     *
     * @param token that lets {@link #identity(String)} of this id into the room
     */
    public static Job unoffered(String id, URI url, String token, String roomName, String roomSid, String metadata) {
        return new Job(id, url, token, roomName, roomSid, metadata, (_, _, _) -> {});
    }

    public String id() {
        return id;
    }

    /** The server to join the room at. */
    public URI url() {
        return url;
    }

    /** Lets us into the room as {@link #identity}; a secret. */
    public String token() {
        return token;
    }

    /** Who we will be in the room. */
    public String identity() {
        return identity(id);
    }

    /** A telephone room's name contains its number: not for logs. */
    public String roomName() {
        return roomName;
    }

    public String roomSid() {
        return roomSid;
    }

    /** What the dispatch says to the agent; may be empty. */
    public String metadata() {
        return metadata;
    }

    /** Tells the server that the job is being done. */
    public void running() {
        if (!ended.get()) {
            statuses.update(this, JobStatus.JS_RUNNING, "");
        }
    }

    /** Ends the job well. Best told before leaving the room: an agent that leaves first has failed for the server. */
    public void succeeded() {
        end(JobStatus.JS_SUCCESS, "");
    }

    /**
     * Ends the job badly.
     *
     * @param reason shown by the server's tools; no personal data
     */
    public void failed(String reason) {
        end(JobStatus.JS_FAILED, reason);
    }

    boolean hasEnded() {
        return ended.get();
    }

    /** Who does a job, by its id. */
    public static String identity(String jobId) {
        return "agent-" + jobId;
    }

    private void end(JobStatus status, String error) {
        if (ended.compareAndSet(false, true)) {
            statuses.update(this, status, error);
        }
    }

    @Override
    public String toString() {
        return "Job " + id;
    }
}
