/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.part;

import dev.traversion.archive.Trait;

/** What was worked out of the versions of a part, each once. */
final class PartTraits {

    /** How many row groups are worked out before the reader comes to them. */
    private static final int AHEAD = 4;

    private final PartReader part;
    private final PartCaches caches;

    PartTraits(PartReader part, PartCaches caches) {
        this.part = part;
        this.caches = caches;
    }

    /** The trait of the rows of a row group, each worked out when it is asked for. */
    RowTraits of(Trait trait, int group) {
        return caches.traits()
                .get(
                        new PartCaches.TraitId(trait, part.name(), group),
                        () -> new RowTraits(trait, part.index(group).rows()));
    }

    /** The trait of the chosen rows of each row group, those that are not known yet worked out on several threads. */
    Ahead<RowTraits> chosen(Trait trait, int endGroup, SelectedRows.Selection selection) {
        return new Ahead<>(endGroup, AHEAD, ReadAhead.THREADS, group -> {
            RowTraits traits = of(trait, group);
            traits.fill(missing -> part.rows(group, (index, rows) -> missing.of(rows, selection.select(index, rows))));
            return traits;
        });
    }
}
