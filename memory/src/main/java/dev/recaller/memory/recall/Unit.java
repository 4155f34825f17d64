package dev.recaller.memory.recall;

/** A passage as it is read by a model or cut into words. */
final class Unit {

    private Unit() {}

    /** With its speaker before it. */
    static String text(Passage passage) {
        return passage.speaker() == null ? passage.text() : passage.speaker() + ": " + passage.text();
    }
}
