/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.verify;

import java.util.ArrayList;
import java.util.List;

/** What a verification read, and what it found wrong. For one thread. */
public final class VerifyReport {

    /**
     * Something that is damaged.
     *
     * @param path of the file in the store, or of the folder if it is not one file
     * @param what a sentence
     */
    public record Damage(String path, String what) {}

    private final List<Damage> damages = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private int seals;
    private long files;
    private long fileBytes;
    private int parts;
    private long versions;
    private int segments;
    private long unsealedChanges;
    private long reads;
    private int readers;
    private long rows;

    void damaged(String path, String sentence) {
        if (damages.stream().noneMatch(damage -> damage.what().equals(sentence))) {
            damages.add(new Damage(path, sentence));
        }
    }

    void note(String sentence) {
        notes.add(sentence);
    }

    void seal() {
        seals++;
    }

    void file(long bytes) {
        files++;
        fileBytes += bytes;
    }

    void part(long rows) {
        parts++;
        versions += rows;
    }

    void log(int logSegments, long changes) {
        segments = logSegments;
        unsealedChanges = changes;
    }

    void reads(long records, int chains) {
        reads = records;
        readers = chains;
    }

    void rows(long more) {
        rows += more;
    }

    /** Nothing but what was written. */
    public boolean isWhole() {
        return damages.isEmpty();
    }

    /** What is damaged, a sentence each. */
    public List<String> damages() {
        return damages.stream().map(Damage::what).toList();
    }

    /** The same, with where it is. */
    public List<Damage> damagedFiles() {
        return List.copyOf(damages);
    }

    /** What is worth knowing, and no damage. */
    public List<String> notes() {
        return List.copyOf(notes);
    }

    /** Commits whose seal was checked. */
    public int seals() {
        return seals;
    }

    /** Sealed files, read as a whole. */
    public long files() {
        return files;
    }

    public long fileBytes() {
        return fileBytes;
    }

    public int parts() {
        return parts;
    }

    /** Versions in parts, carry rows included, decompressed and checked. */
    public long versions() {
        return versions;
    }

    /** Segments of the log that are not in a part yet. */
    public int segments() {
        return segments;
    }

    public long unsealedChanges() {
        return unsealedChanges;
    }

    /** Rows of what happened on nodes, decompressed and checked. */
    public long rows() {
        return rows;
    }

    /** Records of who read what. */
    public long reads() {
        return reads;
    }

    /** Servers that wrote those, each time they were started. */
    public int readers() {
        return readers;
    }
}
