/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.part;

import dev.traversion.archive.Trait;
import java.io.IOException;
import java.io.UncheckedIOException;

/** What was worked out of the versions of a part, row group by row group, each once. */
final class PartTraits {

    private final PartReader part;
    private final PartCaches caches;

    PartTraits(PartReader part, PartCaches caches) {
        this.part = part;
        this.caches = caches;
    }

    /**
     * The trait of each row of a row group. Where it is not known yet, the row groups after it, which are asked for next, are worked
     * out on other threads meanwhile.
     *
     * @param endGroup the first row group that is not asked for
     */
    long[] of(Trait trait, int group, int endGroup) {
        return caches.traits().get(id(trait, group), () -> {
            for (int next = group + 1; next < Math.min(endGroup, group + 1 + ReadAhead.THREADS); next++) {
                int ahead = next;
                ReadAhead.execute(() -> workAhead(trait, ahead));
            }
            return work(trait, group);
        });
    }

    private void workAhead(Trait trait, int group) {
        try {
            caches.traits().get(id(trait, group), () -> work(trait, group));
        } catch (RuntimeException e) {
            // It is told to whoever asks for this row group itself.
            return;
        }
    }

    private PartCaches.TraitId id(Trait trait, int group) {
        return new PartCaches.TraitId(trait, part.name(), group);
    }

    private long[] work(Trait trait, int group) {
        long[] values = new long[part.index(group).rows()];
        int row = 0;
        try (VersionCursor cursor = part.rows(group)) {
            while (cursor.next()) {
                values[row++] = trait.of(cursor.current());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return values;
    }
}
