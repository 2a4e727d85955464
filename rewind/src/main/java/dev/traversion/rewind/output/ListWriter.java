/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.output;

import dev.traversion.archive.ObjectVersion;
import java.io.IOException;

/** Writes a list as its objects come; nothing is kept but the one at hand. */
public interface ListWriter {

    void begin(ListHeader header) throws IOException;

    /** @param version valid during the call */
    void item(ObjectVersion version) throws IOException;

    void end() throws IOException;
}
