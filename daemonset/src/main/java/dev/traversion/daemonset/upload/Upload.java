/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.daemonset.upload;

import dev.traversion.archive.Layout;
import dev.traversion.archive.TraversionException;
import dev.traversion.archive.landing.LandingReader;
import dev.traversion.archive.store.Store;
import dev.traversion.archive.store.StoreRefusal;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import java.util.stream.Stream;

/**
 * Brings a node's complete files to the recording's store, oldest first, and deletes them here. What fails is tried again; meanwhile the
 * spool grows, up to its limit. Runs on a thread of its own.
 */
public final class Upload implements AutoCloseable {

    private static final Logger LOG = System.getLogger(Upload.class.getName());
    private static final long INTERVAL_MILLIS = 2000;
    private static final long LONGEST_MILLIS = 60_000;
    private static final long ENDING_MILLIS = 20_000;

    private final Path spool;
    private final Store store;
    private final String target;
    private final LongConsumer freed;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final AtomicLong uploaded = new AtomicLong();
    private final AtomicLong failures = new AtomicLong();
    private final Thread thread;
    private volatile String problem = "";

    /**
     * Begins to upload.
     *
     * @param spool the node's folder
     * @param freed told how many bytes were deleted here
     */
    public Upload(Path spool, Store store, Layout layout, String node, LongConsumer freed) {
        this.spool = spool;
        this.store = store;
        this.target = layout.landing() + node + "/";
        this.freed = freed;
        this.thread = Thread.ofPlatform().name("upload").daemon().start(this::run);
    }

    /** Files that are in the store. */
    public long uploaded() {
        return uploaded.get();
    }

    /** Attempts that failed. */
    public long failures() {
        return failures.get();
    }

    /** Why the last attempt failed; {@code ""} if it did not. */
    public String problem() {
        return problem;
    }

    private void run() {
        long pause = INTERVAL_MILLIS;
        try {
            while (!closing.await(pause, TimeUnit.MILLISECONDS)) {
                pause = attempt() ? INTERVAL_MILLIS : Math.min(LONGEST_MILLIS, pause * 2);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        // The agent has ended its last file.
        attempt();
    }

    private boolean attempt() {
        try {
            upload();
            problem = "";
            return true;
        } catch (IOException | RuntimeException e) {
            failures.incrementAndGet();
            String why = reason(e);
            if (problem.isEmpty()) {
                LOG.log(Level.WARNING, "uploading to " + store.location() + " failed, and is tried again: " + why);
            }
            problem = why;
            return false;
        }
    }

    private String reason(Exception e) {
        if (e instanceof StoreRefusal refusal && refusal.why() == StoreRefusal.Why.NOT_ALLOWED) {
            // Less than whoever records the cluster needs.
            return "Not allowed to put objects under " + store.location() + "/" + target
                    + ". Give the agents' keys s3:PutObject there; they need nothing else.";
        }
        return e.getMessage() == null ? e.toString() : e.getMessage();
    }

    private void upload() throws IOException {
        List<Path> files = files();
        for (Path file : files) {
            boolean isNewest = file.equals(files.getLast());
            if (isNewest && !isEnded(file)) {
                return;
            }
            try {
                store.create(target + file.getFileName(), file);
            } catch (FileAlreadyExistsException e) {
                // The answer to an earlier attempt was lost: nobody else uses this name.
                LOG.log(Level.DEBUG, "is there already", e);
            }
            long bytes = Files.size(file);
            Files.delete(file);
            freed.accept(bytes);
            uploaded.incrementAndGet();
        }
    }

    private List<Path> files() throws IOException {
        if (!Files.isDirectory(spool)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(spool)) {
            return files.filter(file -> file.toString().endsWith(".trow"))
                    .sorted()
                    .toList();
        }
    }

    private static boolean isEnded(Path file) throws IOException {
        LandingReader reader = new LandingReader(file.toString(), ByteBuffer.wrap(Files.readAllBytes(file)));
        try {
            while (reader.next().isPresent()) {
                // to its end
            }
        } catch (TraversionException e) {
            // Whoever reads it in the store says what is damaged.
            return true;
        }
        return reader.ended();
    }

    /** Uploads what there still is, and gives up if that takes long: the next start goes on. */
    @Override
    public void close() {
        closing.countDown();
        try {
            thread.join(ENDING_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
