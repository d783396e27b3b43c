"""The ways in which a web service can fail, for those who want to see what becomes of them."""

from jackfield.engine.faults.vocabulary import SERVICE_FAULTS as SERVICE_FAULTS
from jackfield.engine.faults.vocabulary import ServiceFault as ServiceFault
