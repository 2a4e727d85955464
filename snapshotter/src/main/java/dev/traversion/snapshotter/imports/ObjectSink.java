/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.snapshotter.imports;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;

/** Gets what a file of objects holds. */
interface ObjectSink {

    /**
     * An object with a name.
     *
     * @param object whole; may lack kind and apiVersion
     */
    void object(String apiVersion, String kind, ObjectNode object) throws IOException;

    /** The end of a list, which may have been empty. */
    void list(String apiVersion, String itemKind) throws IOException;
}
