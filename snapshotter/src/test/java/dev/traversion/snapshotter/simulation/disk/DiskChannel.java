/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.snapshotter.simulation.disk;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;

/** An open file, or directory, of a simulated disk. */
final class DiskChannel extends FileChannel {

    private final SimulatedDisk disk;
    private final SimulatedDisk.Faults faults;
    private final String path;
    private final SimulatedDisk.Node node;
    private int position;

    DiskChannel(SimulatedDisk disk, SimulatedDisk.Faults faults, String path, SimulatedDisk.Node node) {
        this.disk = disk;
        this.faults = faults;
        this.path = path;
        this.node = node;
    }

    private SimulatedDisk.File file() throws IOException {
        if (node instanceof SimulatedDisk.File file) {
            return file;
        }
        throw new IOException("Is a directory");
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        int read = read(target, position);
        position += Math.max(0, read);
        return read;
    }

    @Override
    public int read(ByteBuffer target, long at) throws IOException {
        int count = Math.min(target.remaining(), file().length() - (int) at);
        if (count <= 0) {
            return target.hasRemaining() ? -1 : 0;
        }
        target.put(file().read((int) at, count));
        return count;
    }

    @Override
    public long read(ByteBuffer[] targets, int offset, int length) {
        throw new UnsupportedOperationException();
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
        int written = write(source, position);
        position += written;
        return written;
    }

    @Override
    public int write(ByteBuffer source, long at) throws IOException {
        faults.before("write", path);
        byte[] bytes = new byte[source.remaining()];
        source.get(bytes);
        disk.write(file(), (int) at, bytes);
        return bytes.length;
    }

    @Override
    public long write(ByteBuffer[] sources, int offset, int length) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long position() {
        return position;
    }

    @Override
    public FileChannel position(long newPosition) {
        position = (int) newPosition;
        return this;
    }

    @Override
    public long size() throws IOException {
        return file().length();
    }

    @Override
    public FileChannel truncate(long size) throws IOException {
        faults.before("truncate", path);
        disk.truncate(file(), (int) size);
        position = Math.min(position, (int) size);
        return this;
    }

    @Override
    public void force(boolean metaData) throws IOException {
        faults.before("sync", path);
        disk.sync(node);
    }

    @Override
    public long transferTo(long at, long count, WritableByteChannel target) throws IOException {
        int length = (int) Math.min(count, size() - at);
        return target.write(ByteBuffer.wrap(file().read((int) at, length)));
    }

    @Override
    public long transferFrom(ReadableByteChannel source, long at, long count) {
        throw new UnsupportedOperationException();
    }

    @Override
    public MappedByteBuffer map(MapMode mode, long at, long size) {
        throw new UnsupportedOperationException();
    }

    @Override
    public MemorySegment map(MapMode mode, long offset, long size, Arena arena) throws IOException {
        MemorySegment segment = arena.allocate(Math.max(1, size));
        MemorySegment.copy(MemorySegment.ofArray(file().read((int) offset, (int) size)), 0, segment, 0, size);
        return segment.asSlice(0, size);
    }

    @Override
    public FileLock lock(long at, long size, boolean shared) {
        throw new UnsupportedOperationException();
    }

    @Override
    public FileLock tryLock(long at, long size, boolean shared) throws IOException {
        SimulatedDisk.File file = file();
        if (file.lockedBy != null) {
            return null;
        }
        file.lockedBy = this;
        return new FileLock(this, at, size, shared) {
            @Override
            public boolean isValid() {
                return file.lockedBy == DiskChannel.this;
            }

            @Override
            public void release() {
                file.lockedBy = null;
            }
        };
    }

    @Override
    protected void implCloseChannel() {
        if (node instanceof SimulatedDisk.File file && file.lockedBy == this) {
            file.lockedBy = null;
        }
    }
}
