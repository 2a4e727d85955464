/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.resource;

import dev.traversion.archive.History;
import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.ObjectVersion;
import dev.traversion.archive.ResourceType;
import dev.traversion.rewind.output.ListHeader;
import dev.traversion.rewind.output.ListWriter;
import java.io.IOException;
import java.util.Optional;

/**
 * One page of a list, or all of it.
 *
 * @param moment which server it is of, ns: see {@link ContinueToken}
 * @param time the instant it shows, ns
 * @param after the last object of the page before; null for the first page
 * @param limit 0 for all
 */
record ListPage(
        ResourceType type,
        boolean namespaced,
        String namespace,
        long moment,
        long time,
        String resourceVersion,
        ObjectKey after,
        long limit) {

    /** How far a page goes, found by looking ahead, since the header of a list tells before its items whether there are more. */
    private record Extent(ObjectKey last, boolean more, long remaining) {}

    void write(History history, Selection selection, ListWriter writer) throws IOException {
        Optional<String> name = selection.fields().exactName();
        String within =
                namespace.isEmpty() ? selection.fields().exactNamespace().orElse("") : namespace;
        if (name.isPresent() && (!within.isEmpty() || !namespaced)) {
            writeOne(history, selection, new ObjectKey(type, within, name.get()), writer);
            return;
        }
        Extent extent = limit == 0 ? new Extent(null, false, 0) : extent(history, selection, within);
        String token = extent.more()
                ? new ContinueToken(moment, time, resourceVersion, extent.last().path()).encode()
                : "";
        writer.begin(new ListHeader(resourceVersion, token, extent.remaining()));
        history.list(type, within, after, time, version -> {
            if (selection.matches(version)) {
                writer.item(version);
            }
            return extent.last() == null || version.key().compareTo(extent.last()) < 0;
        });
        writer.end();
    }

    private void writeOne(History history, Selection selection, ObjectKey key, ListWriter writer) throws IOException {
        Optional<ObjectVersion> version =
                after == null || key.compareTo(after) > 0 ? history.get(key, time) : Optional.empty();
        writer.begin(new ListHeader(resourceVersion, "", 0));
        if (version.isPresent() && selection.matches(version.get())) {
            writer.item(version.get());
        }
        writer.end();
    }

    private Extent extent(History history, Selection selection, String within) throws IOException {
        Counter counter = new Counter(selection);
        history.list(type, within, after, time, counter);
        return new Extent(counter.last, counter.beyond > 0, selection.isEverything() ? counter.beyond : 0);
    }

    private final class Counter implements ObjectVersion.Visitor {
        private final Selection selection;
        private long matched;
        private long beyond;
        private ObjectKey last;

        Counter(Selection selection) {
            this.selection = selection;
        }

        @Override
        public boolean visit(ObjectVersion version) throws IOException {
            if (!selection.matches(version)) {
                return true;
            }
            if (matched < limit) {
                matched++;
                if (matched == limit) {
                    last = version.key();
                }
                return true;
            }
            beyond++;
            // Without a selector the rest is counted, as the API server does.
            return selection.isEverything();
        }
    }
}
