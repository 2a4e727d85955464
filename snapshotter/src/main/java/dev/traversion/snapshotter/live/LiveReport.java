/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.snapshotter.live;

import java.util.ArrayList;
import java.util.List;

/** What a comparison with the cluster found. For one thread. */
public final class LiveReport {

    private static final int NAMED = 100;

    private final List<String> differences = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private int moments;
    private int tooOld;
    private int inGaps;
    private long objects;
    private long differing;

    void compared(long count, List<String> found) {
        moments++;
        objects += count;
        differing += found.size();
        found.stream().limit(NAMED - differences.size()).forEach(differences::add);
    }

    void addTooOld() {
        tooOld++;
    }

    void addInGap() {
        inGaps++;
    }

    void note(String sentence) {
        notes.add(sentence);
    }

    /** Lists that were compared: each a type at a version. */
    public int moments() {
        return moments;
    }

    /** Versions that etcd does not have any more. */
    public int tooOld() {
        return tooOld;
    }

    /** Lists of which the recording itself says that it does not know them. */
    public int inGaps() {
        return inGaps;
    }

    /** Objects that were compared. */
    public long objects() {
        return objects;
    }

    /** How many objects differed, all told. */
    public long differing() {
        return differing;
    }

    /** The first of them, a sentence each. */
    public List<String> differences() {
        return List.copyOf(differences);
    }

    /** What could not be compared, and why. */
    public List<String> notes() {
        return List.copyOf(notes);
    }
}
