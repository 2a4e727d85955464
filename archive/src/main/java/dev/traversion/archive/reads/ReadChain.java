/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.reads;

import dev.traversion.archive.Layout;
import dev.traversion.archive.TraversionException;
import dev.traversion.archive.store.Store;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * Puts reads on record, in a chain of its own. Records that come while a batch is being written share the next one, so the store is asked
 * once for all of them. Safe for concurrent use.
 */
public final class ReadChain implements AutoCloseable {

    private static final int LARGEST_BATCH = 1000;

    /** So many files of one batch become one file; then the heads of other chains are named anew. */
    private static final int FOLD = 256;

    private static final System.Logger LOG = System.getLogger(ReadChain.class.getName());

    private record Waiting(ReadRecord record, CompletableFuture<Void> written) {}

    private final Store store;
    private final ReadFiles files;
    private final String chain;
    private final int fold;
    private final BlockingQueue<Waiting> queue = new LinkedBlockingQueue<>();
    private final Thread writing;

    /** Batches written since the last fold, and what comes next. Of the writing thread. */
    private final List<Batch.Head> loose = new ArrayList<>();

    private long sequence;
    private String previous = "";

    /** One of which it is not known whether it was written: the same bytes are tried again, so that numbers have no holes. */
    private Batch unfinished;

    /** @param chain its name: no other writer, not even an earlier run of this one, has it */
    public ReadChain(Store store, String clusterId, String chain) {
        this(store, clusterId, chain, FOLD);
    }

    ReadChain(Store store, String clusterId, String chain, int fold) {
        if (!chain.matches("[A-Za-z0-9._-]{1,200}")) {
            throw new TraversionException("\"" + chain + "\" cannot be the name of a chain of reads.");
        }
        this.store = store;
        this.files = new ReadFiles(store, new Layout(clusterId));
        this.chain = chain;
        this.fold = fold;
        this.writing = Thread.ofVirtual().name("reads-" + clusterId).start(this::write);
    }

    /**
     * Returns when the record is in the store.
     *
     * @throws IOException if it cannot be put there; it may be there nevertheless, or come there later
     */
    public void append(ReadRecord record) throws IOException {
        CompletableFuture<Void> written = new CompletableFuture<>();
        queue.add(new Waiting(record, written));
        if (!writing.isAlive()) {
            throw new IOException("the chain of reads is closed");
        }
        try {
            written.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } catch (ExecutionException e) {
            throw new IOException(e.getCause().getMessage(), e.getCause());
        }
    }

    private void write() {
        List<Waiting> batch = new ArrayList<>();
        try {
            while (true) {
                batch.add(queue.take());
                queue.drainTo(batch, LARGEST_BATCH - 1);
                write(batch);
                batch.clear();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            queue.drainTo(batch);
            IOException closed = new IOException("the chain of reads was closed", e);
            batch.forEach(waiting -> waiting.written.completeExceptionally(closed));
        }
    }

    private void write(List<Waiting> waiting) {
        try {
            if (unfinished != null) {
                put(unfinished);
            }
            List<ReadRecord> records = waiting.stream().map(Waiting::record).toList();
            put(Batch.of(chain, sequence, previous, records, loose.isEmpty() ? heads() : Map.of()));
        } catch (IOException | RuntimeException e) {
            LOG.log(System.Logger.Level.WARNING, "reads cannot be put on record", e);
            waiting.forEach(each -> each.written.completeExceptionally(e));
            return;
        }
        waiting.forEach(each -> each.written.complete(null));
        if (loose.size() >= fold) {
            fold();
        }
    }

    private void put(Batch batch) throws IOException {
        unfinished = batch;
        String path = files.path(chain, sequence, sequence);
        try {
            store.create(path, batch.bytes());
        } catch (FileAlreadyExistsException e) {
            try (InputStream in = store.read(path)) {
                if (!Arrays.equals(in.readAllBytes(), batch.bytes())) {
                    throw new TraversionException(
                            path + " was written by another: two servers use the same chain of reads.", e);
                }
            }
        }
        unfinished = null;
        previous = batch.hash();
        loose.add(batch.head());
        sequence++;
    }

    /** So that what is cut off at the end of a chain, or a whole one, is missed by others. */
    private Map<String, Batch.Head> heads() throws IOException {
        Map<String, Batch.Head> heads = new TreeMap<>();
        for (Map.Entry<String, List<ReadFiles.ReadFile>> other : files.all().entrySet()) {
            if (!other.getKey().equals(chain)) {
                try {
                    heads.put(other.getKey(), files.last(other.getValue()).head());
                } catch (TraversionException | java.nio.file.NoSuchFileException e) {
                    // Damage is verify's to tell, and a file that was folded just now is named next time.
                    LOG.log(System.Logger.Level.DEBUG, "the chain " + other.getKey() + " is not named", e);
                }
            }
        }
        return heads;
    }

    /** Makes one file of many, byte for byte. If that fails, they stay as they are. */
    private void fold() {
        long first = loose.getFirst().sequence();
        long last = loose.getLast().sequence();
        LOG.log(
                System.Logger.Level.INFO,
                "reads {0}: batch {1} has SHA-256 {2}",
                chain,
                last,
                loose.getLast().hash());
        try {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            for (Batch.Head head : loose) {
                String path = files.path(chain, head.sequence(), head.sequence());
                try (InputStream in = store.read(path)) {
                    byte[] bytes = in.readAllBytes();
                    List<Batch> batches = Batch.parse(bytes, path);
                    if (batches.size() != 1 || !batches.getFirst().hash().equals(head.hash())) {
                        throw new TraversionException(path + " is not what was written.");
                    }
                    all.writeBytes(bytes);
                }
            }
            store.create(files.path(chain, first, last), all.toByteArray());
            for (long number = first; number <= last; number++) {
                store.delete(files.path(chain, number, number));
            }
        } catch (IOException | TraversionException e) {
            LOG.log(System.Logger.Level.WARNING, "reads were not folded, and stay in their files", e);
        }
        loose.clear();
    }

    /** Records under way are refused. */
    @Override
    public void close() {
        writing.interrupt();
        try {
            writing.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
