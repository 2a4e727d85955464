/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.erasure;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import dev.traversion.archive.denial.Denial;
import dev.traversion.archive.seal.Seal.SealedFile;
import java.util.List;

/**
 * That something was erased, sealed with the commit that did it. It names no object and has no content.
 *
 * @param format {@code 1.0}
 * @param time RFC 3339
 * @param reason as told by whoever erased; {@code ""} if none was
 * @param erased which lifetimes: the namespaces' names are hashes
 * @param objects how many objects were erased
 * @param versions how many versions of them, those repeated at the beginning of parts counted once
 * @param replaced the files that held them, which are deleted
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record Proof(
        String format,
        String time,
        String reason,
        List<Denial> erased,
        long objects,
        long versions,
        List<SealedFile> replaced) {

    /** The folder of proofs in the recording. */
    public static final String FOLDER = "erasures/proofs/";
}
