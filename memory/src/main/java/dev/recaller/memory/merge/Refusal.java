package dev.recaller.memory.merge;

/** Why two memories are not merged, or a merge is not undone. Nothing was changed. */
public enum Refusal {
    /** One memory was named twice. */
    SAME_MEMORY,
    /** The memories belong to two organizations. */
    OTHER_ORGANIZATION,
    /** One of the two was merged into another memory. */
    MERGED_ELSEWHERE,
    /** Several people share one of the two: several names are current, or other users have the number. */
    SHARED,
    /** One of the two took part in a later merge, which has to be undone first. */
    MERGED_LATER,
    /** Another memory has the identity that would come back. */
    IDENTITY_TAKEN,
    /** The organization has no such merge, or what was merged is gone. */
    NOT_FOUND
}
