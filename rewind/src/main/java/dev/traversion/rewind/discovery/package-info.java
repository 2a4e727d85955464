/* SPDX-License-Identifier: Apache-2.0 */
/** Which resources a moment serves: from the discovery documents recorded with the objects. */
package dev.traversion.rewind.discovery;
