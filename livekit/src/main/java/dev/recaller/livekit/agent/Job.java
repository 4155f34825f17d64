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
        this.statuses = statuses;
        var job = assignment.getJob();
        id = job.getId();
        url = assignment.getUrl().isEmpty() ? defaultUrl : URI.create(assignment.getUrl());
        token = assignment.getToken();
        roomName = job.getRoom().getName();
        roomSid = job.getRoom().getSid();
        metadata = job.getMetadata();
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

    static String identity(String jobId) {
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
