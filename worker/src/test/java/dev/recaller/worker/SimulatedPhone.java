package dev.recaller.worker;

import static org.awaitility.Awaitility.await;

import dev.recaller.livekit.LiveKitException;
import dev.recaller.livekit.room.AudioIn;
import dev.recaller.livekit.room.Room;
import dev.recaller.livekit.room.RoomEvent;
import dev.recaller.livekit.room.Rooms;
import dev.recaller.livekit.testing.SipStandIn.Called;
import dev.recaller.livekit.testing.TestToken;
import dev.recaller.worker.phone.Band;
import dev.recaller.worker.phone.Hearing;
import dev.recaller.worker.phone.Phone;
import dev.recaller.worker.speech.TextToSpeech;
import java.net.URI;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * A telephone: a participant of kind SIP that does what livekit-sip does, in its order (ringing, the agent's track is the
 * answer, active, hangup), speaks and hears through a telephone's band. By our own client; {@code bin/demo} calls with a
 * foreign one, {@code SipPhone} over SIP.
 */
final class SimulatedPhone implements Phone {
    static final String AGENT = "recaller";

    private static final int RATE = AudioIn.SAMPLE_RATE;
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final Room room;
    private final CountDownLatch gone = new CountDownLatch(1);
    /** The one that is heard: an agent that comes after another speaks instead of it. */
    private volatile String agentTrack = "";

    private final List<String> keys = new CopyOnWriteArrayList<>();
    private final Hearing hearing = new Hearing(RATE, () -> gone.getCount() == 0);
    private volatile short[] saying = {};
    private volatile int said;

    /**
     * What a call tells beside its number.
     *
     * @param job metadata of the job, as a dispatch rule gives it
     * @param room metadata of the room
     * @param attributes of the caller's participant, more than every call has
     */
    record Told(String job, String room, Map<String, String> attributes) {
        static final Told NOTHING = new Told("", "", Map.of());
    }

    private SimulatedPhone(Rooms rooms, URI url, String token) throws InterruptedException {
        room = rooms.connect(url, token, this::on, LIMIT);
        room.publishAudio(this::next);
    }

    /** Is called, and rings. */
    static SimulatedPhone called(Rooms rooms, URI url, Called call) throws InterruptedException {
        var phone = new SimulatedPhone(rooms, url, TestToken.sip(call.room(), call.identity(), call.attributes()));
        phone.status("ringing");
        return phone;
    }

    /** Rings until the agent is on the line, which it is when it knows who is called. */
    SimulatedPhone ringing() {
        await("the agent's track").atMost(LIMIT).until(hearing::begun);
        return this;
    }

    SimulatedPhone pickUp() throws InterruptedException {
        status("active");
        return this;
    }

    /** Rings; the agent is dispatched by the room's configuration, as a dispatch rule does it. */
    static SimulatedPhone dial(Rooms rooms, URI url, String from) throws InterruptedException {
        return dial(rooms, url, from, Told.NOTHING);
    }

    static SimulatedPhone dial(Rooms rooms, URI url, String from, Told told) throws InterruptedException {
        return dial(rooms, url, from, AGENT, told);
    }

    /** Rings where another agent answers, or none. */
    static SimulatedPhone dial(Rooms rooms, URI url, String from, String agent, Told told) throws InterruptedException {
        String user = from == null ? "" : from;
        var attributes = new LinkedHashMap<String, String>();
        attributes.put("sip.callID", "SCL_" + random());
        attributes.put("sip.callIDFull", random() + "@simulated");
        attributes.put("sip.trunkID", "ST_simulated");
        attributes.put("sip.ruleID", "SDR_simulated");
        attributes.put("sip.hostname", "carrier.example");
        attributes.put("sip.trunkPhoneNumber", "+15550100");
        attributes.put("sip.callStatus", "ringing");
        if (!user.isEmpty()) {
            attributes.put("sip.phoneNumber", user);
        }
        attributes.putAll(told.attributes());
        String name = "call_" + user + "_" + random();
        return new SimulatedPhone(
                rooms, url, TestToken.sipWithAgent(name, "sip_" + user, attributes, agent, told.job(), told.room()));
    }

    /** Waits until the call is answered, which is when the agent's track is heard. */
    @Override
    public SimulatedPhone answered() throws InterruptedException {
        await("an answer").atMost(LIMIT).until(hearing::begun);
        status("active");
        return this;
    }

    @Override
    public void say(short[] pcm24k) {
        short[] speech = Band.through(pcm24k, TextToSpeech.RATE);
        said = 0;
        saying = speech;
        await("saying it").atMost(LIMIT).until(() -> said >= speech.length);
    }

    @Override
    public void press(String keys) throws InterruptedException {
        for (int i = 0; i < keys.length(); i++) {
            char key = keys.charAt(i);
            room.sendDtmf("0123456789*#".indexOf(key), String.valueOf(key));
        }
    }

    @Override
    public void agentFinishes() {
        hearing.awaitPause();
    }

    @Override
    public Duration silence() {
        return hearing.silence();
    }

    @Override
    public void agentBegins() {
        hearing.awaitSpeech();
    }

    @Override
    public short[] heard() {
        return Band.through(hearing.all(), RATE);
    }

    String roomName() {
        return room.name();
    }

    @Override
    public String keys() {
        return String.join("", keys);
    }

    @Override
    public void hangUp() throws InterruptedException {
        status("hangup");
        close();
    }

    /** As livekit-sip does it, which does not wait for the server to confirm; now and then nobody does. */
    private void status(String status) throws InterruptedException {
        try {
            room.setAttributes(Map.of("sip.callStatus", status));
        } catch (LiveKitException e) {
            // the room is removed already, or the confirmation got lost
        }
    }

    @Override
    public boolean awaitHungUp(Duration limit) throws InterruptedException {
        return gone.await(limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        room.close();
    }

    private void on(RoomEvent event) {
        switch (event) {
            case RoomEvent.AudioSubscribed(var _, var track) -> {
                agentTrack = track;
                Thread.startVirtualThread(() -> hear(track));
            }
            case RoomEvent.Disconnected _ -> gone.countDown();
            case RoomEvent.DtmfReceived(var _, var _, var digit) -> keys.add(digit);
            default -> {
                // nothing to a telephone
            }
        }
    }

    private boolean next(short[] frame) {
        int at = said;
        if (at >= saying.length) {
            return false;
        }
        System.arraycopy(saying, at, frame, 0, Math.min(frame.length, saying.length - at));
        said = at + frame.length;
        return true;
    }

    private void hear(String track) {
        try (AudioIn audio = room.listen(track)) {
            AudioIn.Heard next = audio.next(LIMIT);
            while (agentTrack.equals(track) && !(next instanceof AudioIn.End)) {
                if (next instanceof AudioIn.Frame(var samples, var _)) {
                    hearing.keep(samples);
                }
                next = audio.next(LIMIT);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String random() {
        byte[] bytes = new byte[6];
        ThreadLocalRandom.current().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
