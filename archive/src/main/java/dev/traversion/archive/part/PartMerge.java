/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.part;

import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.ObjectVersion;
import dev.traversion.archive.Operation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.LongConsumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * Makes one part of parts that follow each other. It begins with the carry rows of the first; those of the others repeat what it holds
 * already, and are checked to do so. Parts are sorted, so memory holds a row group's index and a page of each. For one thread.
 */
public final class PartMerge {

    private static final long TOLD = 5_000;

    /** The parts do not follow each other: the state at the end of one is not that at the start of the next. */
    public static final class NotContinuousException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NotContinuousException(String message) {
            super(message);
        }
    }

    /** A part, at one of its rows. */
    private static final class Input {
        final int number;
        final VersionCursor rows;
        PartVersion row;
        ObjectKey key;

        Input(int number, VersionCursor rows) {
            this.number = number;
            this.rows = rows;
        }

        boolean next() throws IOException {
            if (!rows.next()) {
                row = null;
                key = null;
                return false;
            }
            row = (PartVersion) rows.current();
            ObjectKey next = row.key();
            key = next.equals(key) ? key : next;
            return true;
        }
    }

    private final List<PartReader> parts;
    private final Predicate<ObjectVersion> kept;
    private final UnaryOperator<ObjectVersion> written;
    private final LongConsumer progress;
    private long read;

    /**
     * @param parts oldest first
     * @param progress told how many versions have been read, now and then
     */
    public PartMerge(List<PartReader> parts, LongConsumer progress) {
        this(parts, _ -> true, UnaryOperator.identity(), progress);
    }

    /**
     * @param parts oldest first
     * @param kept which versions the new part is to have: all of an object's life, or none
     * @param written what stands in the place of one that is kept
     * @param progress told how many versions have been read, now and then
     */
    public PartMerge(
            List<PartReader> parts,
            Predicate<ObjectVersion> kept,
            UnaryOperator<ObjectVersion> written,
            LongConsumer progress) {
        this.parts = List.copyOf(parts);
        this.kept = kept;
        this.written = written;
        this.progress = progress;
    }

    /**
     * Writes the new part.
     *
     * @throws NotContinuousException if the parts do not follow each other
     */
    public void writeTo(PartWriter writer) throws IOException {
        List<VersionCursor> opened = new ArrayList<>();
        try {
            PriorityQueue<Input> inputs = new PriorityQueue<>((a, b) -> {
                int byKey = a.key.compareTo(b.key);
                return byKey != 0 ? byKey : Integer.compare(a.number, b.number);
            });
            for (int number = 0; number < parts.size(); number++) {
                VersionCursor rows = parts.get(number).rows();
                opened.add(rows);
                Input input = new Input(number, rows);
                if (input.next()) {
                    inputs.add(input);
                }
            }
            writer.replace(parts.getFirst());
            while (!inputs.isEmpty()) {
                mergeKey(inputs, writer);
            }
        } finally {
            opened.forEach(VersionCursor::close);
        }
    }

    private void mergeKey(PriorityQueue<Input> inputs, PartWriter writer) throws IOException {
        ObjectKey key = inputs.peek().key;
        List<Input> holders = new ArrayList<>();
        while (!inputs.isEmpty() && inputs.peek().key.equals(key)) {
            holders.add(inputs.poll());
        }
        // What is alive where a part ends, the next one begins with.
        String alive = "";
        int expected = holders.getFirst().number;
        for (int i = 0; i < holders.size(); i++) {
            Input holder = holders.get(i);
            boolean isFirst = holder.number == 0;
            String carried = holder.row.isCarry() ? identity(holder.row) : "";
            if (!isFirst && !carried.equals(holder.number == expected ? alive : "")) {
                throw notContinuous(holder.number, key);
            }
            alive = mergeHolder(holder, holders.subList(i + 1, holders.size()), writer);
            expected = holder.number + 1;
            boolean isGone = i + 1 == holders.size() || holders.get(i + 1).number != expected;
            if (isGone && expected < parts.size() && !alive.isEmpty()) {
                throw notContinuous(expected, key);
            }
        }
        for (Input holder : holders) {
            if (holder.row != null) {
                inputs.add(holder);
            }
        }
    }

    /** Writes a part's rows of a key, and gives which version is alive after them, or {@code ""}. */
    private String mergeHolder(Input holder, List<Input> later, PartWriter writer) throws IOException {
        ObjectKey key = holder.key;
        String alive = "";
        do {
            PartVersion version = holder.row;
            boolean repeats = version.isCarry() && holder.number > 0;
            if (!repeats && kept.test(version)) {
                long until = nextKept(version, parts.get(holder.number));
                writer.add(
                        written.apply(version),
                        until == Long.MAX_VALUE ? firstChange(later) : until,
                        version.isCarry());
            }
            alive = version.operation() == Operation.DELETED ? "" : identity(version);
            if (++read % TOLD == 0) {
                progress.accept(read);
            }
        } while (holder.next() && holder.key.equals(key));
        return alive;
    }

    /**
     * When a version's successor in its part was observed. What is not kept is all of an object's life, so only a deletion can have one that
     * is not kept.
     */
    private long nextKept(PartVersion version, PartReader part) throws IOException {
        long[] next = {version.validTo()};
        if (version.operation() == Operation.DELETED && next[0] != Long.MAX_VALUE) {
            next[0] = Long.MAX_VALUE;
            part.versions(version.key(), version.validTo(), Long.MAX_VALUE, following -> {
                if (kept.test(following)) {
                    next[0] = following.observedAt();
                }
                return next[0] == Long.MAX_VALUE;
            });
        }
        return next[0];
    }

    /** When the first change that parts hold of the key they are at was observed. */
    private static long firstChange(List<Input> later) {
        for (Input input : later) {
            long first = input.row.isCarry() ? input.row.validTo() : input.row.observedAt();
            if (first != Long.MAX_VALUE) {
                return first;
            }
        }
        return Long.MAX_VALUE;
    }

    private static String identity(PartVersion version) {
        return version.resourceVersion() + " " + version.observedAt();
    }

    private NotContinuousException notContinuous(int number, ObjectKey key) {
        return new NotContinuousException(parts.get(number).name() + " does not begin where "
                + parts.get(number - 1).name() + " ends: they differ in " + key);
    }
}
