package dev.recaller.memory.extract;

import static java.util.Objects.requireNonNull;

/**
 * The caller said by which name they go.
 *
 * @param spelled letter by letter, so this spelling is the right one
 * @param correction with words that take an earlier name back ("actually", "I changed my name"), about the name itself;
 *     "no, this is Mary" is another person on the line and no correction
 */
public record Introduction(int turn, String name, boolean spelled, boolean correction) {
    public Introduction {
        requireNonNull(name, "name is null");
    }
}
