/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.reads;

import dev.traversion.archive.Layout;
import dev.traversion.archive.TraversionException;
import dev.traversion.archive.store.Store;
import dev.traversion.archive.store.StoredFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The files of the chains in a store. */
final class ReadFiles {

    private static final Pattern NAME = Pattern.compile("(?<chain>[^/]+)/(?<first>\\d{12})-(?<last>\\d{12})\\.jsonl");

    private final Store store;
    private final String folder;

    ReadFiles(Store store, Layout layout) {
        this.store = store;
        this.folder = layout.reads();
    }

    /** A file with the batches from {@code first} to {@code last}. */
    record ReadFile(String path, String chain, long first, long last) {}

    String path(String chain, long first, long last) {
        return folder + chain + "/" + "%012d-%012d.jsonl".formatted(first, last);
    }

    /** By chain; within it by number, and of two that begin alike the longer one first. */
    Map<String, List<ReadFile>> all() throws IOException {
        TreeMap<String, List<ReadFile>> chains = new TreeMap<>();
        for (StoredFile file : store.list(folder)) {
            Matcher name = NAME.matcher(file.path().substring(folder.length()));
            if (name.matches()) {
                String chain = name.group("chain");
                long first = Long.parseLong(name.group("first"));
                long last = Long.parseLong(name.group("last"));
                chains.computeIfAbsent(chain, _ -> new ArrayList<>())
                        .add(new ReadFile(file.path(), chain, first, last));
            }
        }
        chains.values()
                .forEach(files -> files.sort((left, right) -> left.first != right.first
                        ? Long.compare(left.first, right.first)
                        : Long.compare(right.last, left.last)));
        return chains;
    }

    /** Its batches; those of the file into which it was folded meanwhile, if so. */
    List<Batch> read(ReadFile file) throws IOException {
        try (InputStream in = store.read(file.path)) {
            return Batch.parse(in.readAllBytes(), file.path);
        } catch (NoSuchFileException e) {
            for (ReadFile other : all().getOrDefault(file.chain, List.of())) {
                if (!other.equals(file) && other.first <= file.first && other.last >= file.last) {
                    return read(other).stream()
                            .filter(batch -> batch.link().sequence() >= file.first
                                    && batch.link().sequence() <= file.last)
                            .toList();
                }
            }
            throw e;
        }
    }

    /**
     * The newest batch of a chain.
     *
     * @throws TraversionException if it is damaged
     */
    Batch last(List<ReadFile> chain) throws IOException {
        ReadFile newest = chain.getFirst();
        for (ReadFile file : chain) {
            newest = file.last > newest.last ? file : newest;
        }
        List<Batch> batches = read(newest);
        if (batches.isEmpty()) {
            throw new TraversionException(newest.path + " is damaged: it is empty.");
        }
        return batches.getLast();
    }
}
