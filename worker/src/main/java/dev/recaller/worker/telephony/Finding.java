package dev.recaller.worker.telephony;

/** A mistake that keeps calls from arriving as they should, and what to do about it. One line each. */
public record Finding(String problem, String remedy) {
    @Override
    public String toString() {
        return problem + ": " + remedy;
    }
}
