/* SPDX-License-Identifier: Apache-2.0 */
/** What the console's server takes for what the console asks. */
package dev.traversion.rewind.bench;
