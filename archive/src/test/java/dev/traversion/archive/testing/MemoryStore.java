/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.testing;

import dev.traversion.archive.store.Store;
import dev.traversion.archive.store.StoredFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;

/** A store elsewhere that is quick, and that can be away. */
public class MemoryStore implements Store {

    private final ConcurrentSkipListMap<String, byte[]> files;
    private volatile boolean away;

    public MemoryStore() {
        files = new ConcurrentSkipListMap<>();
    }

    /** Another way to the same files. */
    public MemoryStore(MemoryStore same) {
        files = same.files;
    }

    public void setAway(boolean isAway) {
        away = isAway;
    }

    private void check() throws IOException {
        if (away) {
            throw new IOException("memory does not answer");
        }
    }

    @Override
    public String location() {
        return "memory";
    }

    @Override
    public List<StoredFile> list(String prefix) throws IOException {
        check();
        return files.tailMap(prefix).entrySet().stream()
                .takeWhile(file -> file.getKey().startsWith(prefix))
                .map(file -> new StoredFile(file.getKey(), file.getValue().length))
                .toList();
    }

    @Override
    public InputStream read(String path) throws IOException {
        check();
        byte[] content = files.get(path);
        if (content == null) {
            throw new NoSuchFileException(path);
        }
        return new ByteArrayInputStream(content);
    }

    @Override
    public byte[] read(String path, long offset, int length) throws IOException {
        try (InputStream in = read(path)) {
            return Arrays.copyOfRange(in.readAllBytes(), (int) offset, (int) offset + length);
        }
    }

    @Override
    public void create(String path, byte[] content) throws IOException {
        check();
        if (files.putIfAbsent(path, content.clone()) != null) {
            throw new FileAlreadyExistsException(path);
        }
    }

    @Override
    public void create(String path, Path content) throws IOException {
        create(path, Files.readAllBytes(content));
    }

    @Override
    public void delete(String path) throws IOException {
        check();
        files.remove(path);
    }

    @Override
    public void close() {}
}
