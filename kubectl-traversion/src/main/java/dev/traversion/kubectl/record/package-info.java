/* SPDX-License-Identifier: Apache-2.0 */
/** What {@code record} needs beside the snapshotter: the checks before it, and the progress shown. */
package dev.traversion.kubectl.record;
