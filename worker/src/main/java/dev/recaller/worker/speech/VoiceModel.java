package dev.recaller.worker.speech;

import dev.recaller.flow.model.ChatModel;

/** A model that hears one caller and speaks itself. */
public interface VoiceModel {

    /**
     * Whether it is worth asking now: a model whose connection was lost is not until it has another one, which it gets by
     * itself.
     */
    boolean works();

    /** Asks it: what it answers is sound, to the caller's own where {@link #hearing} brought it. The same each time. */
    ChatModel chat();

    /**
     * A transcription that lets the model hear what is transcribed. Closing it ends both.
     *
     * @param transcription which tells the words, as ever
     */
    SpeechToText hearing(SpeechToText transcription);
}
