/* SPDX-License-Identifier: Apache-2.0 */
/** SQL over the tables of a recording. */
package dev.traversion.kubectl.query;
