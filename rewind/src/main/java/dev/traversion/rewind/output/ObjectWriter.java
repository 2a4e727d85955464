/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.output;

import dev.traversion.archive.ObjectVersion;
import java.io.IOException;
import java.io.OutputStream;

/** Writes single objects one after another, without anything around them: a GET, or the objects of a watch's events. */
@FunctionalInterface
public interface ObjectWriter {

    /** @param version valid during the call */
    void write(ObjectVersion version) throws IOException;

    /** Whole objects. */
    static ObjectWriter whole(ResourceForm form, OutputStream out) {
        BodyWriter bodies = new BodyWriter(form, out);
        return bodies::whole;
    }

    /** PartialObjectMetadata. */
    static ObjectWriter metadata(ResourceForm form, OutputStream out) {
        MetadataWriter objects = new MetadataWriter(form, out);
        return objects::write;
    }

    /** Tables of one row, only the first of them with the columns. */
    static ObjectWriter table(TableWriter table) {
        boolean[] columns = {true};
        return version -> {
            table.single(version, columns[0]);
            columns[0] = false;
        };
    }
}
