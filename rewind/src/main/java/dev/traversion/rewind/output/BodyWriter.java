/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.output;

import dev.traversion.archive.ObjectVersion;
import dev.traversion.archive.TraversionException;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;

/** Writes bodies in the API version asked for, from the recording straight to the client wherever they need no conversion. */
final class BodyWriter {

    private final ResourceForm form;
    private final OutputStream out;
    private final byte[] head;
    private final HeadCheck check;

    BodyWriter(ResourceForm form, OutputStream out) {
        this.form = form;
        this.out = out;
        this.head = form.stored().head();
        this.check = new HeadCheck();
    }

    /** The whole body. */
    void whole(ObjectVersion version) throws IOException {
        if (form.isUnconverted()) {
            check.start(version, false);
            version.writeBody(check, true, 0);
        } else {
            out.write(form.conversion().convert(version.body()));
        }
    }

    /** The body without the kind and apiVersion it begins with. */
    void withoutHead(ObjectVersion version) throws IOException {
        out.write('{');
        if (form.isUnconverted()) {
            check.start(version, true);
            version.writeBody(check, true, 0);
        } else {
            byte[] body = form.conversion().convert(version.body());
            int length = form.head().length;
            out.write(body, length, body.length - length);
        }
    }

    /** Makes sure that a body is of the form announced, since after the first byte no error can be told but a broken connection. */
    private final class HeadCheck extends OutputStream {

        private ObjectVersion version;
        private boolean dropHead;
        private int checked;

        void start(ObjectVersion started, boolean withoutHead) {
            version = started;
            dropHead = withoutHead;
            checked = 0;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            int inHead = Math.min(head.length - checked, length);
            if (inHead > 0) {
                if (!Arrays.equals(bytes, offset, offset + inHead, head, checked, checked + inHead)) {
                    throw new TraversionException(version.key() + " was recorded in another form than "
                            + form.stored().apiVersion() + " " + form.stored().kind() + ", in which the list began");
                }
                checked += inHead;
                if (dropHead) {
                    out.write(bytes, offset + inHead, length - inHead);
                    return;
                }
            }
            out.write(bytes, offset, length);
        }
    }
}
