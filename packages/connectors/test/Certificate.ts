export { type Certified, certify, issue } from "@connector-service/sandbox/Certificate"
