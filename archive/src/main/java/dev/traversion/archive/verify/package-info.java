/* SPDX-License-Identifier: Apache-2.0 */
/** Whether a recording is what was written. */
package dev.traversion.archive.verify;
