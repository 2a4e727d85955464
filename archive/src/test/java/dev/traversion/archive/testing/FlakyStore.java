/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.testing;

import dev.traversion.archive.store.Store;
import dev.traversion.archive.store.StoredFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/**
 * Fails under a seed, as long as it is told to: before anything is done, or after everything was, so that the answer is lost. Whoever
 * asks again is told the truth.
 */
public class FlakyStore extends RemoteStore {

    private final Random random;
    private volatile boolean failing;
    private int failures;

    public FlakyStore(Store files, long seed) {
        super(files);
        this.random = new Random(seed);
    }

    public void fail() {
        failing = true;
    }

    public void mend() {
        failing = false;
    }

    public synchronized int failures() {
        return failures;
    }

    private synchronized void mayFail(String what) throws IOException {
        if (failing && random.nextInt(5) == 0) {
            failures++;
            throw new IOException("the store is away: " + what);
        }
    }

    @Override
    public List<StoredFile> list(String prefix) throws IOException {
        mayFail("list");
        return super.list(prefix);
    }

    @Override
    public InputStream read(String path) throws IOException {
        mayFail("read");
        return super.read(path);
    }

    @Override
    public void create(String path, byte[] content) throws IOException {
        mayFail("before");
        super.create(path, content);
        mayFail("after");
    }

    @Override
    public void create(String path, Path content) throws IOException {
        mayFail("before");
        super.create(path, content);
        mayFail("after");
    }

    @Override
    public void delete(String path) throws IOException {
        mayFail("before");
        super.delete(path);
        mayFail("after");
    }
}
