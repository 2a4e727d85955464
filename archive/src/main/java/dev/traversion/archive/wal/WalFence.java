/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.wal;

import dev.traversion.archive.store.Store;
import dev.traversion.archive.store.StoredFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.util.Map;

/**
 * Ends the log of a recorder that does not answer any more: the name of its next segment is taken by an empty one. Names are given
 * once, and a recorder puts its segments into the store in their order, so nothing of that epoch can appear there afterwards, however
 * long the recorder was stalled; it finds the name taken, and knows.
 */
public final class WalFence {

    private WalFence() {}

    /**
     * Returns when nothing can be added to the log any more.
     *
     * @param store where the log's segments are copied to
     * @param prefix of the log in it, {@code clusters/<id>/wal/}
     * @param sealed the last segment of each writer that is committed; such segments may be deleted already
     */
    public static void raise(Store store, String prefix, String writer, long epoch, Map<String, SegmentName> sealed)
            throws IOException {
        SegmentName position = sealed.get(writer);
        if (position != null && position.compareTo(new SegmentName(writer, epoch, 0).lastOfEpoch()) >= 0) {
            return;
        }
        long next = position != null && position.epoch() == epoch ? position.sequence() + 1 : 0;
        while (true) {
            for (StoredFile file : store.list(prefix + writer + "/")) {
                SegmentName name = SegmentName.parse(file.path()).orElse(null);
                if (name != null && name.epoch() == epoch && name.sequence() >= next) {
                    if (isFence(file, name)) {
                        return;
                    }
                    next = name.sequence() + 1;
                }
            }
            SegmentName fence = new SegmentName(writer, epoch, next);
            try {
                store.create(prefix + writer + "/" + fence.fileName(), bytes(fence));
                return;
            } catch (FileAlreadyExistsException e) {
                // The recorder was quicker, or another one who fences.
                System.getLogger(WalFence.class.getName()).log(System.Logger.Level.DEBUG, "taken meanwhile", e);
            }
        }
    }

    /** Whether it has the size of a fence, which no segment with anything in it has. */
    public static boolean isFence(StoredFile file, SegmentName name) {
        return file.size() == bytes(name).length;
    }

    private static byte[] bytes(SegmentName name) {
        byte[] header = SegmentFormat.fenceHeader(name);
        ByteBuffer end = SegmentFormat.blockHeader(0, 0, 0, 0);
        return ByteBuffer.allocate(header.length + end.remaining())
                .put(header)
                .put(end)
                .array();
    }
}
