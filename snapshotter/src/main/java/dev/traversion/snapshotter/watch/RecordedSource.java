/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.snapshotter.watch;

import dev.traversion.archive.History;
import java.io.IOException;

/** Opens what a recording holds by now. */
public interface RecordedSource {

    /** To be closed by the caller; null if the recording holds nothing. */
    History open() throws IOException;
}
