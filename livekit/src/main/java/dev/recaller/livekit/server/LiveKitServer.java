package dev.recaller.livekit.server;

import dev.recaller.livekit.LiveKitException;
import io.livekit.server.AgentDispatchServiceClient;
import io.livekit.server.RoomServiceClient;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import livekit.LivekitAgentDispatch.AgentDispatch;
import livekit.LivekitModels.ParticipantInfo;
import livekit.LivekitModels.Room;
import okhttp3.ResponseBody;
import retrofit2.Call;
import retrofit2.Response;

/**
 * The HTTP API of a LiveKit server, as far as rooms and the agents in them are concerned; telephones are
 * {@link LiveKitSip}. Every method waits for the server's answer.
 *
 * <p>Each throws {@link LiveKitException}: SERVER_UNREACHABLE, SERVER_UNAUTHORIZED or SERVER_REFUSED. Any thread.
 */
public final class LiveKitServer implements AutoCloseable {
    private static final int NOT_FOUND = 404;

    private final ServerHttp http;
    private final ApiKey key;
    private final RoomServiceClient rooms;
    private final AgentDispatchServiceClient dispatches;

    /**
     * Makes no connection yet.
     *
     * @param url the server's, http, https, ws or wss; a path in it is kept
     * @param limit the longest a request may take, connecting included
     */
    public LiveKitServer(URI url, ApiKey key, Duration limit) {
        http = new ServerHttp(url, limit);
        this.key = key;
        String base = http.url() + "/";
        rooms = RoomServiceClient.createClient(base, key.key(), key.secret(), http::client);
        dispatches = AgentDispatchServiceClient.createClient(base, key.key(), key.secret(), http::client);
    }

    /** Lets us into a room that no job sent us to; it is made when we join, if there is none. A secret; asks nobody. */
    public String roomToken(String room, String identity) {
        return key.roomToken(room, identity);
    }

    /**
     * A room that is open.
     *
     * @param name a telephone room's contains its number: not for logs
     * @param participants how many are in it, agents too
     */
    public record OpenRoom(String name, String sid, int participants) {}

    /** Who is in a room. */
    public record Present(String identity, boolean isTelephone) {}

    /**
     * An agent that was sent for to a room.
     *
     * @param agents the identities of those that took its jobs; none: nobody has, yet or at all
     */
    public record Sent(String id, String agentName, String metadata, Instant at, List<String> agents) {}

    /** All rooms. */
    public List<OpenRoom> rooms() {
        return execute("ListRooms", rooms.listRooms())
                .flatMap(response -> Optional.ofNullable(response.body()))
                .orElse(List.of())
                .stream()
                .map(room -> new OpenRoom(room.getName(), room.getSid(), room.getNumParticipants()))
                .toList();
    }

    /** Ends a room for everybody in it; false if there is none. */
    public boolean deleteRoom(String room) {
        return execute("DeleteRoom", rooms.deleteRoom(room)).isPresent();
    }

    /** As {@link #deleteRoom(String)}, unless by now another room has this name: a restarted server makes it anew. */
    public boolean deleteRoom(String room, String sid) {
        boolean ours = execute("ListRooms", rooms.listRooms(List.of(room)))
                .flatMap(response -> Optional.ofNullable(response.body()))
                .orElse(List.of())
                .stream()
                .anyMatch(open -> open.getSid().equals(sid));
        return ours && deleteRoom(room);
    }

    /** A room's metadata; empty if there is no such room. */
    public Optional<String> metadata(String room) {
        return execute("ListRooms", rooms.listRooms(List.of(room)))
                .flatMap(response -> Optional.ofNullable(response.body()))
                .orElse(List.of())
                .stream()
                .filter(open -> open.getName().equals(room))
                .map(Room::getMetadata)
                .findFirst();
    }

    /** Puts a participant out of a room, which hangs up if it is a telephone; false if it is not there. */
    public boolean removeParticipant(String room, String identity) {
        return execute("RemoveParticipant", rooms.removeParticipant(room, identity))
                .isPresent();
    }

    /** The identities in a room; none if there is no such room. */
    public List<String> participants(String room) {
        return present(room).stream().map(Present::identity).toList();
    }

    /** Who is in a room; nobody if there is no such room. */
    public List<Present> present(String room) {
        return execute("ListParticipants", rooms.listParticipants(room))
                .flatMap(response -> Optional.ofNullable(response.body()))
                .orElse(List.of())
                .stream()
                .map(one -> new Present(one.getIdentity(), one.getKind() == ParticipantInfo.Kind.SIP))
                .toList();
    }

    /**
     * Sends an agent into a room, which is made if there is none. The agent is offered a job soon, or never.
     *
     * @return the dispatch's id
     */
    public String createDispatch(String room, String agentName, String metadata) {
        return execute("CreateDispatch", dispatches.createDispatch(room, agentName, metadata))
                .flatMap(response -> Optional.ofNullable(response.body()))
                .map(AgentDispatch::getId)
                .orElseThrow(
                        () -> LiveKitException.serverRefused(http.url(), "CreateDispatch", NOT_FOUND, "no such room"));
    }

    /** Takes back what {@link #createDispatch} did; an agent that came has to leave. False if there is no such dispatch. */
    public boolean deleteDispatch(String room, String id) {
        return execute("DeleteDispatch", dispatches.deleteDispatch(room, id)).isPresent();
    }

    /** The agents sent for to a room; none if there is no such room. */
    public List<Sent> dispatches(String room) {
        return execute("ListDispatch", dispatches.listDispatch(room))
                .flatMap(response -> Optional.ofNullable(response.body()))
                .orElse(List.of())
                .stream()
                .map(LiveKitServer::sent)
                .toList();
    }

    private static Sent sent(AgentDispatch dispatch) {
        return new Sent(
                dispatch.getId(),
                dispatch.getAgentName(),
                dispatch.getMetadata(),
                Instant.EPOCH.plus(dispatch.getState().getCreatedAt(), ChronoUnit.NANOS),
                dispatch.getState().getJobsList().stream()
                        .map(job -> job.getState().getParticipantIdentity())
                        .toList());
    }

    /** How many jobs in a room were taken by an agent; none if there is no such room. */
    public int jobsTaken(String room) {
        return dispatches(room).stream().mapToInt(sent -> sent.agents().size()).sum();
    }

    @Override
    public void close() {
        http.close();
    }

    /** Empty if the server does not know what the request is about. */
    private <T> Optional<Response<T>> execute(String request, Call<T> call) {
        try {
            Response<T> response = call.execute();
            if (response.isSuccessful()) {
                return Optional.of(response);
            }
            String reason = reason(response);
            // A path that leads nowhere is 404 too, without this word.
            if (response.code() == NOT_FOUND && reason.contains("not_found")) {
                return Optional.empty();
            }
            throw LiveKitException.serverRefused(http.url(), request, response.code(), reason);
        } catch (IOException e) {
            throw LiveKitException.serverUnreachable(http.url(), request, e);
        }
    }

    private static String reason(Response<?> response) throws IOException {
        try (ResponseBody body = response.errorBody()) {
            return body == null ? "" : body.string();
        }
    }
}
