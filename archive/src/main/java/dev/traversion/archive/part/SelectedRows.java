/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.part;

import dev.traversion.archive.ObjectVersion;
import dev.traversion.archive.Trait;
import dev.traversion.archive.parquet.TextPage;
import java.io.IOException;
import java.util.NoSuchElementException;

/** Goes through chosen rows of several row groups in order, reading bodies only where asked for them. */
final class SelectedRows implements VersionCursor {

    /** Chooses rows of a row group. */
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
            pages = new Streamed(part, group - 1, endGroup, index, rows, count, helpers);
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
    public ObjectVersion current() {
        if (current == null) {
            throw new NoSuchElementException("no version here");
        }
        return current;
    }

    @Override
    public void close() {
        closePages();
        group = endGroup;
        next = count;
        current = null;
    }

    private void closePages() {
        if (pages != null) {
            pages.close();
            pages = null;
        }
    }

    /** Two streams of pages, each begun when it is first asked for. */
    private static final class Streamed implements BodyPages {

        private final PartReader part;
        private final int group;
        private final int endGroup;
        private final RowIndex index;
        private final int[] rows;
        private final int count;
        private final int helpers;
        private PageStream bodies;
        private PageStream managedFields;
        private Trait trait;
        private RowTraits traits;

        Streamed(PartReader part, int group, int endGroup, RowIndex index, int[] rows, int count, int helpers) {
            this.part = part;
            this.group = group;
            this.endGroup = endGroup;
            this.index = index;
            this.rows = rows;
            this.count = count;
            this.helpers = helpers;
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
            if (!wanted.equals(trait)) {
                traits = count > index.rows() / 2
                        ? part.traits().all(wanted, group, endGroup)
                        : part.traits().some(wanted, group);
                trait = wanted;
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
