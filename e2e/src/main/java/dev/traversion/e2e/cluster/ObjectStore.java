/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.cluster;

import java.net.URI;

/** An S3-compatible object store that tests share. Whoever makes a bucket in it gives it a name of its own, and removes it. */
public record ObjectStore(URI endpoint, String accessKey, String secretKey) {}
