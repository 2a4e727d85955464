/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.testing;

import dev.traversion.archive.store.Store;
import dev.traversion.archive.store.StoredFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A store whose user is killed after so many creations and deletions: nothing is changed any more. */
public class DyingStore implements Store {

    /** Not to be caught by anything but a test. */
    public static final class Killed extends Error {
        private static final long serialVersionUID = 1L;
    }

    private final Store store;
    private int left;

    public DyingStore(Store store, int left) {
        this.store = store;
        this.left = left;
    }

    private void live() {
        if (left-- <= 0) {
            throw new Killed();
        }
    }

    @Override
    public String location() {
        return store.location();
    }

    @Override
    public List<StoredFile> list(String prefix) throws IOException {
        return store.list(prefix);
    }

    @Override
    public List<String> folders(String prefix) throws IOException {
        return store.folders(prefix);
    }

    @Override
    public InputStream read(String path) throws IOException {
        return store.read(path);
    }

    @Override
    public byte[] read(String path, long offset, int length) throws IOException {
        return store.read(path, offset, length);
    }

    @Override
    public Optional<Path> local(String path) {
        return store.local(path);
    }

    @Override
    public void create(String path, byte[] content) throws IOException {
        live();
        store.create(path, content);
    }

    @Override
    public void create(String path, Path content) throws IOException {
        live();
        store.create(path, content);
    }

    @Override
    public void delete(String path) throws IOException {
        live();
        store.delete(path);
    }

    @Override
    public void close() {
        store.close();
    }
}
