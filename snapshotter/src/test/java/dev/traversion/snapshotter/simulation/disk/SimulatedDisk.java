/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.snapshotter.simulation.disk;

import java.io.IOException;
import java.nio.file.FileSystem;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * A disk in memory. What was written to a file is there for certain after a power loss only if the file was synced, and a name only if
 * its directory was; of the rest the power loss leaves whatever it likes, in sectors and in any order. A process that is killed loses
 * nothing. For one thread at a time.
 */
public final class SimulatedDisk {

    private static final int SECTOR = 512;
    private static final byte[] ZEROS = new byte[1 << 20];

    /** Told of each operation before it happens, by a name and a path; throws if it fails, or if the process ends there. */
    @FunctionalInterface
    public interface Faults {
        void before(String operation, String path) throws IOException;
    }

    /** A file or a directory. */
    abstract static class Node {
        long modified;
    }

    /** A write that was not synced, with what is needed to undo it. */
    private record Written(int at, byte[] bytes, byte[] before, int lengthBefore) {}

    static final class File extends Node {
        private byte[] bytes = new byte[64];
        private int length;
        private int links;
        private final List<Written> unsynced = new ArrayList<>();
        Object lockedBy;

        int length() {
            return length;
        }

        byte[] read(int at, int count) {
            // Zeros at its end take no memory.
            return at >= bytes.length ? new byte[count] : Arrays.copyOfRange(bytes, at, at + count);
        }
    }

    /** A change of a name that was not synced. */
    private record Named(String name, Node before, Node after) {}

    static final class Directory extends Node {
        final TreeMap<String, Node> entries = new TreeMap<>();
        private final List<Named> unsynced = new ArrayList<>();
    }

    private final Directory root = new Directory();
    private long used;
    private long capacity = Long.MAX_VALUE;
    private boolean syncs = true;

    /** A disk that says it synced, and did not. */
    public SimulatedDisk lying() {
        syncs = false;
        return this;
    }

    /** The disk as one process sees it, until it is dead. */
    public FileSystem mount(Faults faults) {
        return new DiskFileSystem(this, faults);
    }

    /** Leaves room for so many bytes; {@link Long#MAX_VALUE} for any number. */
    public void room(long bytes) {
        capacity = bytes == Long.MAX_VALUE ? bytes : used + bytes;
    }

    Directory root() {
        return root;
    }

    void write(File file, int at, byte[] bytes) throws IOException {
        long growth = Math.max(0, at + bytes.length - file.length);
        if (used + growth > capacity) {
            int fits = (int) Math.max(0, Math.min(bytes.length, capacity - used + file.length - at));
            if (fits > 0) {
                write(file, at, Arrays.copyOf(bytes, fits));
            }
            throw new IOException("No space left on device");
        }
        used += growth;
        if (at == file.length && isZero(bytes)) {
            // The space that the log reserves: to keep it costs nothing here, and to lose it as little.
            file.length += bytes.length;
            return;
        }
        byte[] before =
                Arrays.copyOfRange(file.bytes, Math.min(at, file.length), Math.min(at + bytes.length, file.length));
        file.unsynced.add(new Written(at, bytes, before, file.length));
        put(file, at, bytes, 0, bytes.length);
    }

    private static boolean isZero(byte[] bytes) {
        return bytes.length > SECTOR
                && bytes.length <= ZEROS.length
                && Arrays.equals(bytes, 0, bytes.length, ZEROS, 0, bytes.length);
    }

    private static void put(File file, int at, byte[] bytes, int from, int to) {
        if (at + to > file.bytes.length) {
            file.bytes = Arrays.copyOf(file.bytes, Math.max(at + to, file.bytes.length * 2));
        }
        if (at + from > file.length) {
            Arrays.fill(file.bytes, Math.min(file.length, file.bytes.length), at + from, (byte) 0);
        }
        System.arraycopy(bytes, from, file.bytes, at + from, to - from);
        file.length = Math.max(file.length, at + to);
    }

    void truncate(File file, int length) {
        if (length < file.length) {
            byte[] before = Arrays.copyOfRange(file.bytes, length, file.length);
            file.unsynced.add(new Written(length, new byte[0], before, file.length));
            used -= file.length - length;
            file.length = length;
        }
    }

    void sync(Node node) {
        if (!syncs) {
            return;
        }
        if (node instanceof File file) {
            file.unsynced.clear();
        } else if (node instanceof Directory directory) {
            directory.unsynced.clear();
        }
    }

    /** Makes a name mean a file, or nothing if that is null. */
    void name(Directory directory, String name, Node node) {
        Node before = node == null ? directory.entries.remove(name) : directory.entries.put(name, node);
        directory.unsynced.add(new Named(name, before, node));
        count(before, -1);
        count(node, 1);
    }

    private void count(Node node, int links) {
        if (node instanceof File file) {
            file.links += links;
            if (file.links == 0) {
                used -= file.length;
            }
        }
    }

    /** Everything that was not synced is kept, lost or kept in part. */
    public void losePower(RandomGenerator random) {
        int keep = random.nextInt(0, 3);
        losePower(root, keep, random);
        used = 0;
        recount(root);
    }

    private void losePower(Directory directory, int keep, RandomGenerator random) {
        List<Named> unsynced = List.copyOf(directory.unsynced);
        directory.unsynced.clear();
        for (Named named : unsynced.reversed()) {
            set(directory, named.name, named.before);
        }
        // Of one name the changes are kept in order; those of different names need not be.
        TreeMap<String, Boolean> lost = new TreeMap<>();
        for (Named named : unsynced) {
            if (!lost.containsKey(named.name)) {
                if (isKept(keep, random)) {
                    set(directory, named.name, named.after);
                } else {
                    lost.put(named.name, true);
                }
            }
        }
        for (Node node : directory.entries.values()) {
            if (node instanceof Directory below) {
                losePower(below, keep, random);
            } else if (node instanceof File file) {
                losePower(file, keep, random);
            }
        }
    }

    private static void set(Directory directory, String name, Node node) {
        if (node == null) {
            directory.entries.remove(name);
        } else {
            directory.entries.put(name, node);
        }
    }

    private static void losePower(File file, int keep, RandomGenerator random) {
        List<Written> unsynced = List.copyOf(file.unsynced);
        file.unsynced.clear();
        file.lockedBy = null;
        for (Written written : unsynced.reversed()) {
            put(file, written.at, written.before, 0, written.before.length);
            file.length = written.lengthBefore;
        }
        for (Written written : unsynced) {
            if (written.bytes.length == 0) {
                if (isKept(keep, random)) {
                    file.length = Math.min(file.length, written.at);
                }
                continue;
            }
            int from = 0;
            while (from < written.bytes.length) {
                int inSector = SECTOR - (written.at + from) % SECTOR;
                int to = Math.min(written.bytes.length, from + inSector);
                if (isKept(keep, random)) {
                    put(file, written.at, written.bytes, from, to);
                }
                from = to;
            }
        }
    }

    private static boolean isKept(int keep, RandomGenerator random) {
        return keep == 2 || (keep == 1 && random.nextBoolean());
    }

    private void recount(Directory directory) {
        for (Node node : directory.entries.values()) {
            if (node instanceof Directory below) {
                recount(below);
            } else if (node instanceof File file) {
                used += file.length;
                file.links = 1;
            }
        }
    }

    /** What a killed process held is free. */
    public void unlock() {
        unlock(root);
    }

    private static void unlock(Directory directory) {
        for (Node node : directory.entries.values()) {
            if (node instanceof Directory below) {
                unlock(below);
            } else if (node instanceof File file) {
                file.lockedBy = null;
            }
        }
    }
}
