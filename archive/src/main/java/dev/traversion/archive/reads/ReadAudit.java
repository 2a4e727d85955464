/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.reads;

import dev.traversion.archive.Layout;
import dev.traversion.archive.TraversionException;
import dev.traversion.archive.store.Store;
import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** Reads what was put on record, and tells whether all of it is there and as it was written. For one thread. */
public final class ReadAudit {

    private final ReadFiles files;
    private final Consumer<String> damages;
    private final Map<String, Map<Long, String>> hashes = new HashMap<>();
    private final Map<String, String> namedBy = new HashMap<>();
    private final Map<String, Set<Batch.Head>> named = new HashMap<>();
    private int chains;
    private long records;

    /** @param damages told of each damage, in a sentence */
    public ReadAudit(Store store, String clusterId, Consumer<String> damages) {
        this.files = new ReadFiles(store, new Layout(clusterId));
        this.damages = damages;
    }

    /**
     * Visits every record, chain by chain and in order within each.
     *
     * @throws IOException if the store cannot be read
     */
    public void run(Consumer<ReadRecord> visitor) throws IOException {
        for (Map.Entry<String, List<ReadFiles.ReadFile>> chain : files.all().entrySet()) {
            chains++;
            chain(chain.getKey(), chain.getValue(), visitor);
        }
        named.forEach((chain, heads) -> heads.forEach(head -> {
            String hash = hashes.getOrDefault(chain, Map.of()).get(head.sequence());
            if (hash == null) {
                damages.accept("reads/" + chain + ": batch " + head.sequence() + " is missing, of which "
                        + namedBy.get(chain) + " knows.");
            } else if (!hash.equals(head.hash())) {
                damages.accept("reads/" + chain + ": batch " + head.sequence() + " is not the one of which "
                        + namedBy.get(chain) + " knows.");
            }
        }));
    }

    private void chain(String chain, List<ReadFiles.ReadFile> parts, Consumer<ReadRecord> visitor) throws IOException {
        long next = 0;
        String previous = "";
        Map<Long, String> known = hashes.computeIfAbsent(chain, _ -> new HashMap<>());
        for (ReadFiles.ReadFile file : parts) {
            List<Batch> batches;
            try {
                batches = files.read(file);
            } catch (TraversionException e) {
                damages.accept(e.getMessage());
                next = Math.max(next, file.last() + 1);
                previous = null;
                continue;
            }
            for (Batch batch : batches) {
                String hash = batch.hash();
                if (batch.link().sequence() < next) {
                    if (!hash.equals(known.get(batch.link().sequence()))) {
                        damages.accept(file.path() + ": batch " + batch.link().sequence()
                                + " is there twice, and not the same.");
                    }
                    continue;
                }
                check(batch, file, next, previous);
                known.put(batch.link().sequence(), hash);
                remember(batch.link());
                next = batch.link().sequence() + 1;
                previous = hash;
                records += batch.records().size();
                batch.records().forEach(visitor);
            }
        }
    }

    /** @param previous hash of the batch before; null if that is damaged, which was told */
    private void check(Batch batch, ReadFiles.ReadFile file, long expected, String previous) {
        Batch.Link link = batch.link();
        if (link.sequence() > expected) {
            damages.accept("reads/" + file.chain() + ": " + (link.sequence() - expected)
                    + " batches are missing before batch " + link.sequence() + ".");
        } else if (previous != null && !previous.equals(link.previous())) {
            damages.accept(file.path() + ": batch " + link.sequence()
                    + " does not follow what is before it: one of them is not what was written.");
        }
        if (!file.chain().equals(link.chain()) || link.sequence() < file.first() || link.sequence() > file.last()) {
            damages.accept(file.path() + ": it holds batch " + link.sequence() + " of chain " + link.chain()
                    + ", which does not belong there.");
        }
    }

    private void remember(Batch.Link link) {
        if (link.heads() != null) {
            link.heads().forEach((chain, head) -> {
                named.computeIfAbsent(chain, _ -> new LinkedHashSet<>()).add(head);
                namedBy.put(chain, link.chain());
            });
        }
    }

    /** How many writers there were. */
    public int chains() {
        return chains;
    }

    /** How many records were visited. */
    public long records() {
        return records;
    }
}
