package dev.recaller.bench.echo;

import dev.recaller.livekit.room.AudioIn;
import dev.recaller.livekit.room.AudioOut;
import dev.recaller.livekit.room.Participant;
import dev.recaller.livekit.room.Room;
import dev.recaller.livekit.room.RoomEvent;
import dev.recaller.livekit.room.Rooms;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "echo",
        hidden = true,
        description =
                "For bin/bench telephone: joins a room and says to its telephone what it hears of it, as soon as it can. Prints"
                        + " \"ready\" and runs until standard input ends.")
public final class EchoCommand implements Callable<Integer> {
    private static final Duration LIMIT = Duration.ofSeconds(10);

    @Option(names = "--url", required = true)
    private URI url = URI.create("");

    @Option(names = "--token", required = true)
    private String token = "";

    @Option(names = "--library", required = true, description = "liblivekit_ffi.")
    private Path library = Path.of("");

    private final Held held = new Held();
    private @Nullable Room room;

    @Override
    public Integer call() throws IOException, InterruptedException {
        try (var rooms = Rooms.open(library, problem -> System.exit(3));
                Room joined = rooms.connect(url, token, this::on, LIMIT)) {
            synchronized (this) {
                room = joined;
                notifyAll();
            }
            joined.publishAudio(held::next);
            PrintStream out = System.out;
            out.println("ready");
            out.flush();
            System.in.transferTo(PrintStream.nullOutputStream());
        }
        return 0;
    }

    private void on(RoomEvent event) {
        if (event instanceof RoomEvent.AudioSubscribed(var participant, var track)
                && participant.kind() == Participant.Kind.SIP) {
            Thread.startVirtualThread(() -> hear(track));
        }
    }

    private void hear(String track) {
        try (AudioIn in = joined().listen(track)) {
            while (true) {
                switch (in.next(LIMIT)) {
                    case AudioIn.Frame frame -> held.add(frame.samples());
                    case AudioIn.Nothing _ -> {
                        // it says nothing
                    }
                    case AudioIn.End _ -> {
                        return;
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized Room joined() throws InterruptedException {
        while (room == null) {
            wait();
        }
        return room;
    }

    /** What was heard and is not yet said, at the rate it is said at. What would be late is left out. */
    private static final class Held {
        /** Two frames of what is heard: one that is being said and one that comes meanwhile. */
        private static final int MOST = AudioOut.SAMPLE_RATE / 25;

        private final short[] samples = new short[MOST];
        private int size;

        /** Each two samples become three, those between being the mean of their neighbours. */
        synchronized void add(short[] heard) {
            for (int i = 0; i + 1 < heard.length; i += 2) {
                put(heard[i]);
                put((short) ((heard[i] + 2 * heard[i + 1]) / 3));
                put(i + 2 < heard.length ? (short) ((heard[i + 1] * 2 + heard[i + 2]) / 3) : heard[i + 1]);
            }
        }

        private void put(short sample) {
            if (size == MOST) {
                drop(AudioOut.FRAME_SAMPLES);
            }
            samples[size++] = sample;
        }

        synchronized boolean next(short[] frame) {
            if (size < frame.length) {
                return false;
            }
            System.arraycopy(samples, 0, frame, 0, frame.length);
            drop(frame.length);
            return true;
        }

        private void drop(int count) {
            System.arraycopy(samples, count, samples, 0, size - count);
            size -= count;
        }
    }
}
