/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.snapshotter.simulation.disk;

import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;

/** A path of a simulated disk; what paths do among themselves is left to one of this machine. */
record DiskPath(DiskFileSystem disk, Path path) implements Path {

    private DiskPath with(Path other) {
        return other == null ? null : new DiskPath(disk, other);
    }

    private static Path of(Path other) {
        return ((DiskPath) other).path;
    }

    @Override
    public FileSystem getFileSystem() {
        return disk;
    }

    @Override
    public boolean isAbsolute() {
        return path.isAbsolute();
    }

    @Override
    public Path getRoot() {
        return with(path.getRoot());
    }

    @Override
    public Path getFileName() {
        return with(path.getFileName());
    }

    @Override
    public Path getParent() {
        return with(path.getParent());
    }

    @Override
    public int getNameCount() {
        return path.getNameCount();
    }

    @Override
    public Path getName(int index) {
        return with(path.getName(index));
    }

    @Override
    public Path subpath(int from, int to) {
        return with(path.subpath(from, to));
    }

    @Override
    public boolean startsWith(Path other) {
        return other instanceof DiskPath && path.startsWith(of(other));
    }

    @Override
    public boolean endsWith(Path other) {
        return other instanceof DiskPath && path.endsWith(of(other));
    }

    @Override
    public Path normalize() {
        return with(path.normalize());
    }

    @Override
    public Path resolve(Path other) {
        return with(path.resolve(of(other)));
    }

    @Override
    public Path relativize(Path other) {
        return with(path.relativize(of(other)));
    }

    @Override
    public URI toUri() {
        return path.toUri();
    }

    @Override
    public Path toAbsolutePath() {
        return this;
    }

    @Override
    public Path toRealPath(LinkOption... options) {
        return this;
    }

    @Override
    public WatchKey register(WatchService watcher, WatchEvent.Kind<?>[] events, WatchEvent.Modifier... modifiers) {
        throw new UnsupportedOperationException();
    }

    @Override
    public int compareTo(Path other) {
        return path.compareTo(of(other));
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
