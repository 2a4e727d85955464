/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.snapshotter.simulation;

import dev.traversion.archive.store.Store;
import dev.traversion.archive.store.StoredFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** A bucket, as one process reaches it. */
final class SimulatedStore implements Store {

    private final World world;
    private final SimulatedBucket bucket;
    private final SimulatedProcess process;

    /** @param process null for a reader that nothing happens to */
    SimulatedStore(World world, SimulatedBucket bucket, SimulatedProcess process) {
        this.world = world;
        this.bucket = bucket;
        this.process = process;
    }

    private interface Request<T> {
        T run() throws IOException;
    }

    /** Takes time, may fail before, and may fail after it was done. */
    private <T> T request(String name, String path, Request<T> request) throws IOException {
        if (process == null) {
            return request.run();
        }
        process.step(name, World.stable(path));
        try {
            process.sleep(world.random().nextInt(1, 40));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
        if (bucket.isFailing() || (bucket.losesAnswers() && world.random().nextInt(6) == 0)) {
            throw new IOException("503 Slow Down: " + path);
        }
        T answer = request.run();
        if (bucket.losesAnswers() && world.random().nextInt(6) == 0) {
            throw new IOException("connection reset after " + name + " of " + path);
        }
        return answer;
    }

    @Override
    public String location() {
        return "s3://simulated";
    }

    @Override
    public List<StoredFile> list(String prefix) throws IOException {
        return request("LIST", prefix, () -> {
            List<StoredFile> found = new ArrayList<>();
            for (Map.Entry<String, byte[]> file : bucket.files.tailMap(prefix).entrySet()) {
                if (!file.getKey().startsWith(prefix)) {
                    break;
                }
                found.add(new StoredFile(file.getKey(), file.getValue().length));
            }
            return found;
        });
    }

    @Override
    public List<String> folders(String prefix) throws IOException {
        return list(prefix).stream()
                .map(file -> file.path().substring(prefix.length()))
                .filter(rest -> rest.contains("/"))
                .map(rest -> rest.substring(0, rest.indexOf('/')))
                .distinct()
                .toList();
    }

    @Override
    public InputStream read(String path) throws IOException {
        return new ByteArrayInputStream(bytes(path));
    }

    @Override
    public byte[] read(String path, long offset, int length) throws IOException {
        return Arrays.copyOfRange(bytes(path), (int) offset, (int) offset + length);
    }

    private byte[] bytes(String path) throws IOException {
        return request("GET", path, () -> {
            byte[] bytes = bucket.files.get(path);
            if (bytes == null) {
                throw new NoSuchFileException(path);
            }
            return bytes;
        });
    }

    @Override
    public void create(String path, byte[] content) throws IOException {
        request("PUT", path, () -> {
            if (bucket.files.containsKey(path)) {
                throw new FileAlreadyExistsException(path);
            }
            return bucket.files.put(path, content);
        });
    }

    @Override
    public void create(String path, Path content) throws IOException {
        create(path, Files.readAllBytes(content));
    }

    @Override
    public void delete(String path) throws IOException {
        request("DELETE", path, () -> bucket.files.remove(path));
    }

    @Override
    public void close() {}
}
