package dev.recaller.memory.recall;

import java.util.Arrays;

/** Finds a term among those of a question: a small open hash table. */
final class TermSlots {

    private final long[] numbers;
    private final int[] slots;
    private final int shift;

    TermSlots(long[] numbers) {
        this.numbers = numbers;
        int bits = 34 - Integer.numberOfLeadingZeros(numbers.length);
        slots = new int[1 << bits];
        shift = Long.SIZE - bits;
        Arrays.fill(slots, -1);
        for (int term = 0; term < numbers.length; term++) {
            int slot = slot(numbers[term]);
            while (slots[slot] >= 0) {
                slot = (slot + 1) & (slots.length - 1);
            }
            slots[slot] = term;
        }
    }

    /** The term's place, or -1. */
    int of(long number) {
        for (int slot = slot(number); slots[slot] >= 0; slot = (slot + 1) & (slots.length - 1)) {
            if (numbers[slots[slot]] == number) {
                return slots[slot];
            }
        }
        return -1;
    }

    private int slot(long number) {
        return (int) ((number * 0x9E3779B97F4A7C15L) >>> shift);
    }
}
