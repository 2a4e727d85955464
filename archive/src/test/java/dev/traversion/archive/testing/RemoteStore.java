/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.testing;

import dev.traversion.archive.store.Store;
import dev.traversion.archive.store.StoredFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;

/** A directory that behaves like a bucket: nothing of it can be mapped in place. To be extended by what goes wrong. */
public class RemoteStore implements Store {

    private final Store files;

    public RemoteStore(Store files) {
        this.files = files;
    }

    @Override
    public String location() {
        return files.location();
    }

    @Override
    public List<StoredFile> list(String prefix) throws IOException {
        return files.list(prefix);
    }

    @Override
    public List<String> folders(String prefix) throws IOException {
        return files.folders(prefix);
    }

    @Override
    public InputStream read(String path) throws IOException {
        return files.read(path);
    }

    @Override
    public byte[] read(String path, long offset, int length) throws IOException {
        return files.read(path, offset, length);
    }

    @Override
    public void create(String path, byte[] content) throws IOException {
        files.create(path, content);
    }

    @Override
    public void create(String path, Path content) throws IOException {
        files.create(path, content);
    }

    @Override
    public void delete(String path) throws IOException {
        files.delete(path);
    }

    @Override
    public void close() {}
}
