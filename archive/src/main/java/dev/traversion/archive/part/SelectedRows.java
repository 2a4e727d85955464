/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.part;

import dev.traversion.archive.ObjectVersion;
import dev.traversion.archive.Trait;
import dev.traversion.archive.parquet.TextPage;
import java.io.IOException;
import java.util.NoSuchElementException;

/** Goes through chosen rows of several row groups in order, reading bodies only where asked for them. */
final class SelectedRows implements VersionCursor {

    /** Chooses rows of a row group, the same whenever it is asked. Safe for concurrent use. */
    @FunctionalInterface
    interface Selection {
        /** Puts the chosen rows, ascending, into an array with room for all of the index, and returns how many they are. */
        int select(RowIndex index, int[] rows);
    }

    private final PartReader part;
    private final Selection selection;
    private final int endGroup;
    private final int helpers;
    private int group;
    private RowIndex index;
    private int[] rows = {};
    private int count;
    private int next;
    private Streamed pages;
    private PartVersion current;
    private int endOfKey;
    private Trait trait;
    private Ahead<RowTraits> traits;

    SelectedRows(PartReader part, int firstGroup, int endGroup, int helpers, Selection selection) {
        this.part = part;
        this.selection = selection;
        this.endGroup = endGroup;
        this.helpers = helpers;
        group = firstGroup;
    }

    @Override
    public boolean next() {
        while (next == count) {
            closePages();
            current = null;
            endOfKey = 0;
            if (group == endGroup) {
                return false;
            }
            index = part.index(group++);
            rows = rows.length < index.rows() ? new int[index.rows()] : rows;
            count = selection.select(index, rows);
            next = 0;
            pages = new Streamed(group - 1, index, rows, count);
        }
        int row = rows[next++];
        PartVersion before = current;
        current = new PartVersion(index, row, pages);
        if (row < endOfKey) {
            current.keyOf(before);
        } else {
            endOfKey = index.endRow(index.keyOf(row));
        }
        return true;
    }

    @Override
    public PartVersion current() {
        if (current == null) {
            throw new NoSuchElementException("no version here");
        }
        return current;
    }

    @Override
    public void close() {
        closePages();
        if (traits != null) {
            traits.close();
            traits = null;
            trait = null;
        }
        group = endGroup;
        next = count;
        current = null;
    }

    /** Of this row group; those after it, which are asked for next, are worked out on other threads meanwhile. */
    private RowTraits traits(Trait wanted, int group) {
        if (!wanted.equals(trait)) {
            if (traits != null) {
                traits.close();
            }
            trait = wanted;
            traits = part.traits().chosen(wanted, endGroup, selection);
        }
        return traits.get(group);
    }

    private void closePages() {
        if (pages != null) {
            pages.close();
            pages = null;
        }
    }

    /** Two streams of pages, each begun when it is first asked for, and traits. */
    private final class Streamed implements BodyPages {

        private final int group;
        private final RowIndex index;
        private final int[] rows;
        private final int count;
        private PageStream bodies;
        private PageStream managedFields;
        private RowTraits traits;

        Streamed(int group, RowIndex index, int[] rows, int count) {
            this.group = group;
            this.index = index;
            this.rows = rows;
            this.count = count;
        }

        @Override
        public TextPage body(int row) {
            if (bodies == null) {
                bodies = new PageStream(index.bodies(), rows, count, helpers);
            }
            return bodies.page(row);
        }

        @Override
        public TextPage managedFields(int row) {
            if (managedFields == null) {
                managedFields = new PageStream(index.managedFields(), rows, count, helpers);
            }
            return managedFields.page(row);
        }

        @Override
        public long trait(Trait wanted, int row, ObjectVersion version) throws IOException {
            if (traits == null || !traits.areOf(wanted)) {
                traits = SelectedRows.this.traits(wanted, group);
            }
            return traits.get(row, version);
        }

        void close() {
            if (bodies != null) {
                bodies.close();
            }
            if (managedFields != null) {
                managedFields.close();
            }
        }
    }
}
