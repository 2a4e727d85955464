/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.part;

import dev.traversion.archive.Trait;

/** What was worked out of the versions of a part, each once: row group by row group, or row by row where few are asked for. */
final class PartTraits {

    private final PartReader part;
    private final PartCaches caches;

    PartTraits(PartReader part, PartCaches caches) {
        this.part = part;
        this.caches = caches;
    }

    /** The trait of the rows of a row group, each worked out when it is asked for. */
    RowTraits some(Trait trait, int group) {
        return caches.traits()
                .get(
                        new PartCaches.TraitId(trait, part.name(), group),
                        () -> new RowTraits(trait, part.index(group).rows()));
    }

    /**
     * The trait of all rows of a row group. Where it is not known yet, the row groups after it, which are asked for next, are worked
     * out on other threads meanwhile.
     *
     * @param endGroup the first row group that is not asked for
     */
    RowTraits all(Trait trait, int group, int endGroup) {
        RowTraits traits = some(trait, group);
        if (!traits.isComplete()) {
            for (int next = group + 1; next < Math.min(endGroup, group + 1 + ReadAhead.THREADS); next++) {
                int ahead = next;
                ReadAhead.execute(() -> workAhead(trait, ahead));
            }
            traits.complete(() -> part.rows(group));
        }
        return traits;
    }

    private void workAhead(Trait trait, int group) {
        try {
            some(trait, group).complete(() -> part.rows(group));
        } catch (RuntimeException e) {
            // It is told to whoever asks for this row group itself.
            return;
        }
    }
}
