package dev.recaller.memory;

public enum Speaker {
    CALLER,
    AGENT
}
