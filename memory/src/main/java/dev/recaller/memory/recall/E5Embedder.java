package dev.recaller.memory.recall;

import static java.util.Objects.requireNonNull;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The model e5-small-v2, quantized, one thread a run. Model and vocabulary come from the class path. Safe for use by many
 * threads; on a virtual one a run holds its carrier.
 */
public final class E5Embedder implements Embedder, AutoCloseable {

    /** Word pieces that are read of a passage or question, the model's own marks apart: a minute of speech. */
    private static final int LONGEST = 250;

    private final OrtEnvironment environment;
    private final OrtSession session;
    private final WordPieces words;
    private final TokenBasis basis;
    private final int[] passagePrefix;
    private final int[] questionPrefix;

    private E5Embedder(OrtEnvironment environment, OrtSession session, WordPieces words, TokenBasis basis) {
        this.environment = environment;
        this.session = session;
        this.words = words;
        this.basis = basis;
        passagePrefix = words.of("passage:");
        questionPrefix = words.of("query:");
    }

    /** Takes half a second and a hundred megabytes, once a process. */
    public static E5Embedder open() {
        try (var options = new OrtSession.SessionOptions();
                InputStream model = resource("/e5-small-v2-q.onnx");
                InputStream tokenizer = resource("/e5-small-v2-q-tokenizer.json")) {
            options.setIntraOpNumThreads(1);
            options.setInterOpNumThreads(1);
            options.addConfigEntry("session.intra_op.allow_spinning", "0");
            OrtEnvironment environment = OrtEnvironment.getEnvironment();
            OrtSession session = environment.createSession(model.readAllBytes(), options);
            return new E5Embedder(environment, session, WordPieces.read(tokenizer), TokenBasis.load());
        } catch (OrtException e) {
            throw new IllegalStateException("the embedding model does not load", e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String model() {
        return "e5-small-v2-q/" + LONGEST + "/" + basis.name();
    }

    @Override
    public Vectors passage(Passage passage, @Nullable Passage previous) {
        int[] own = first(words.of(Unit.text(passage)), LONGEST);
        States states = run(passagePrefix, own);
        float[] turn = states.mean();
        float[] pair = turn;
        if (previous != null) {
            int[] before = words.of(Unit.text(previous));
            int room = Math.min(before.length, LONGEST - own.length);
            pair = run(passagePrefix, joined(Arrays.copyOfRange(before, before.length - room, before.length), own))
                    .mean();
        }
        return new Vectors(turn, pair, tokens(states, passagePrefix.length, own));
    }

    @Override
    public Embedding question(String text) {
        int[] own = first(words.of(text), LONGEST);
        States states = run(questionPrefix, own);
        int[] telling = own.clone();
        int prefix = questionPrefix.length;
        byte[] tokens = new byte[0];
        for (int i = 0; i < telling.length; i++) {
            if (says(words.piece(own[i]))) {
                tokens = Arrays.copyOf(tokens, tokens.length + TokenBasis.TOKEN);
                basis.write(own[i], states.of(1 + prefix + i), tokens, tokens.length - TokenBasis.TOKEN);
            }
        }
        return new Embedding(states.mean(), tokens);
    }

    /** The model's states of a passage's word pieces, of unit length, one of 384 numbers each: what a basis is made of. */
    public float[][] states(String text) {
        int[] own = first(words.of(text), LONGEST);
        States states = run(passagePrefix, own);
        float[][] each = new float[own.length][];
        for (int i = 0; i < own.length; i++) {
            each[i] = TokenBasis.unit(states.of(1 + passagePrefix.length + i));
        }
        return each;
    }

    /** No run may be under way. */
    @Override
    public void close() {
        try {
            session.close();
        } catch (OrtException e) {
            throw new IllegalStateException(e);
        }
    }

    private byte[] tokens(States states, int prefix, int[] own) {
        byte[] tokens = new byte[own.length * TokenBasis.TOKEN];
        for (int i = 0; i < own.length; i++) {
            basis.write(own[i], states.of(1 + prefix + i), tokens, i * TokenBasis.TOKEN);
        }
        return tokens;
    }

    private static boolean says(String piece) {
        return piece.codePoints().anyMatch(Character::isLetterOrDigit) && !Words.isCommon(piece);
    }

    @SuppressWarnings("ArrayRecordComponent") // private, never compared
    private record States(float[] numbers, int count) {
        float[] of(int token) {
            int size = TokenBasis.STATE;
            return Arrays.copyOfRange(numbers, token * size, (token + 1) * size);
        }

        float[] mean() {
            float[] mean = new float[TokenBasis.STATE];
            for (int i = 0; i < count * mean.length; i++) {
                mean[i % mean.length] += numbers[i];
            }
            return TokenBasis.unit(mean);
        }
    }

    private States run(int[] prefix, int[] pieces) {
        long[] ids = new long[prefix.length + pieces.length + 2];
        ids[0] = words.number("[CLS]");
        for (int i = 0; i < prefix.length; i++) {
            ids[1 + i] = prefix[i];
        }
        for (int i = 0; i < pieces.length; i++) {
            ids[1 + prefix.length + i] = pieces[i];
        }
        ids[ids.length - 1] = words.number("[SEP]");
        long[] ones = new long[ids.length];
        Arrays.fill(ones, 1);
        try (OnnxTensor tokens = OnnxTensor.createTensor(environment, new long[][] {ids});
                OnnxTensor mask = OnnxTensor.createTensor(environment, new long[][] {ones});
                OnnxTensor types = OnnxTensor.createTensor(environment, new long[1][ids.length]);
                OrtSession.Result result =
                        session.run(Map.of("input_ids", tokens, "attention_mask", mask, "token_type_ids", types))) {
            FloatBuffer states = ((OnnxTensor) result.get(0)).getFloatBuffer();
            float[] numbers = new float[states.remaining()];
            states.get(numbers);
            return new States(numbers, ids.length);
        } catch (OrtException e) {
            throw new IllegalStateException("the embedding model does not run", e);
        }
    }

    private static int[] first(int[] pieces, int count) {
        return pieces.length <= count ? pieces : Arrays.copyOf(pieces, count);
    }

    private static int[] joined(int[] first, int[] second) {
        int[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    private static InputStream resource(String name) {
        return requireNonNull(
                E5Embedder.class.getResourceAsStream(name),
                () -> name + " is not on the class path: no jar of the model");
    }
}
