/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.part;

import dev.traversion.archive.Trait;
import dev.traversion.archive.parquet.TextPage;

/** What readers of parts keep in memory, all parts of a recording together. Safe for concurrent use. */
public final class PartCaches {

    private final BoundedCache<GroupId, RowIndex> indexes;
    private final BoundedCache<PageId, TextPage> pages;
    private final BoundedCache<TraitId, RowTraits> traits;

    /**
     * @param indexBytes for row indexes, of which a row takes about 25; what is in use right now is not counted. Half as much again
     *     is for traits of versions, of which each takes 8
     * @param pageBytes for decompressed pages of 256 KiB
     */
    public PartCaches(long indexBytes, long pageBytes) {
        indexes = new BoundedCache<>(indexBytes, RowIndex::weight);
        pages = new BoundedCache<>(pageBytes, TextPage::weight);
        traits = new BoundedCache<>(indexBytes / 2, RowTraits::weight);
    }

    /** Sizes that suit the heap: a fifth of it for indexes, at most 128 MiB, and a tenth for pages, at most 32 MiB. */
    public static PartCaches forHeap() {
        long heap = Runtime.getRuntime().maxMemory();
        return new PartCaches(Math.min(heap / 5, 128L << 20), Math.min(heap / 10, 32L << 20));
    }

    BoundedCache<GroupId, RowIndex> indexes() {
        return indexes;
    }

    BoundedCache<PageId, TextPage> pages() {
        return pages;
    }

    BoundedCache<TraitId, RowTraits> traits() {
        return traits;
    }

    /** Lets everything go. */
    public void clear() {
        indexes.clear();
        pages.clear();
        traits.clear();
    }

    record GroupId(String file, int group) {}

    record TraitId(Trait trait, String file, int group) {}

    record PageId(String file, String column, int group, int page) {}
}
